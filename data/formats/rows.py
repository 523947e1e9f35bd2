"""Raw fields → a checked record of one kind. What we do not interpret is kept in `extra`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from data.formats import fields
from data.formats.fields import Raw, RowError
from data.formats.lines import Object, decode_json
from data.formats.protocol import Refusal, Row
from data.records import (
    Alignment,
    Correspondence,
    Event,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Provenance,
    Record,
    Relation,
    Resource,
    Split,
)

# The fields of each kind, in the order in which they are written.
FIELDS: Mapping[type[Record], tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        Outcome: "id framework parent code title description subject levels language position"
        " assignable",
        Resource: "id title description text kind subject levels language url license",
        Alignment: "resource outcome relation split",
        Prerequisite: "outcome requires",
        Correspondence: "outcome other match",
        Interaction: "learner resource item outcome time event score",
    }.items()
}
PROVENANCE = ("agent", "time", "model")
OUTCOMES_SEPARATOR = ";"


def record(kind: type[Record], raw: Raw, max_text: int) -> Record:
    """Make a record of `kind` from raw fields. Raises RowError with the reason if it cannot be."""
    return _MAKERS[kind](raw, max_text)


def records(
    kind: type[Record],
    objects: Iterator[Object | Refusal],
    file: str,
    defaults: Raw,
    max_text: int,
) -> Iterator[Row[Any] | Refusal]:
    """Make each raw row, its absent fields filled from `defaults`, a record or a refusal."""
    for item in objects:
        if isinstance(item, Refusal):
            yield item
            continue
        line, raw = item
        try:
            found = record(kind, filled(raw, defaults), max_text)
        except RowError as error:
            yield Refusal(file, line, str(error))
        else:
            yield Row(found, file, line)


def filled(raw: dict[str, Any], defaults: Raw) -> dict[str, Any]:
    """Fill the absent or empty fields of `raw` in place."""
    for name, value in defaults.items():
        if raw.get(name) in (None, "", []):
            raw[name] = value
    return raw


def _outcome(raw: Raw, limit: int) -> Outcome:
    title, description = _words(raw, limit)
    return Outcome(
        id=fields.identifier(raw, "id"),
        framework=fields.identifier(raw, "framework"),
        parent=fields.optional_id(raw, "parent"),
        code=fields.optional(raw, "code", limit),
        title=title,
        description=description,
        subject=fields.optional(raw, "subject", limit),
        levels=fields.texts(raw, "levels", limit),
        language=fields.language(raw),
        position=fields.position(raw),
        assignable=fields.flag(raw, "assignable", default=True),
        extra=_extra(Outcome, raw, limit),
    )


def _resource(raw: Raw, limit: int) -> Resource:
    title, description = _words(raw, limit)
    return Resource(
        id=fields.identifier(raw, "id"),
        title=title,
        description=description,
        text=fields.text(raw, "text", limit),
        kind=fields.optional(raw, "kind", limit),
        subject=fields.optional(raw, "subject", limit),
        levels=fields.texts(raw, "levels", limit),
        language=fields.language(raw),
        url=fields.optional(raw, "url", limit),
        license=fields.optional(raw, "license", limit),
        extra=_extra(Resource, raw, limit),
    )


def _alignment(raw: Raw, limit: int) -> Alignment:
    provenance = _provenance(raw, limit)
    return Alignment(
        resource=fields.identifier(raw, "resource"),
        outcome=fields.identifier(raw, "outcome"),
        relation=fields.choice(raw, "relation", Relation) or Relation.TEACHES,
        split=fields.choice(raw, "split", Split),
        provenance=provenance,
        extra=_cells(Alignment, raw, limit, PROVENANCE if provenance else ()),
    )


def _prerequisite(raw: Raw, limit: int) -> Prerequisite:
    return Prerequisite(
        outcome=fields.identifier(raw, "outcome"),
        requires=fields.identifier(raw, "requires"),
        extra=_cells(Prerequisite, raw, limit),
    )


def _correspondence(raw: Raw, limit: int) -> Correspondence:
    provenance = _provenance(raw, limit)
    if (match := fields.choice(raw, "match", Match)) is None:
        raise RowError(f"match is missing; it must be one of {', '.join(Match)}")
    return Correspondence(
        outcome=fields.identifier(raw, "outcome"),
        other=fields.identifier(raw, "other"),
        match=match,
        provenance=provenance,
        extra=_cells(Correspondence, raw, limit, PROVENANCE if provenance else ()),
    )


def _interaction(raw: Raw, limit: int) -> Interaction:
    resource, item = fields.optional_id(raw, "resource"), fields.optional_id(raw, "item")
    if resource is None and item is None:
        raise RowError("there is neither a resource nor an item")
    if (time := fields.number(raw, "time")) is None:
        raise RowError("time is missing")
    if (event := fields.choice(raw, "event", Event)) is None:
        raise RowError(f"event is missing; it must be one of {', '.join(Event)}")
    score = fields.number(raw, "score")
    if score is not None and not 0 <= score <= 1:
        raise RowError(f"score is {score:g}; it must lie between 0 and 1")
    return Interaction(
        learner=fields.identifier(raw, "learner"),
        resource=resource,
        item=item,
        outcomes=_outcomes(raw),
        time=time,
        event=event,
        score=score,
        extra=_cells(Interaction, raw, limit),
    )


_MAKERS: Mapping[type[Record], Callable[[Raw, int], Record]] = {
    Outcome: _outcome,
    Resource: _resource,
    Alignment: _alignment,
    Prerequisite: _prerequisite,
    Correspondence: _correspondence,
    Interaction: _interaction,
}


def _words(raw: Raw, limit: int) -> tuple[str, str]:
    """Return title and description, of which one must say something."""
    title, description = fields.text(raw, "title", limit), fields.text(raw, "description", limit)
    if not title.strip() and not description.strip():
        raise RowError("title and description are both empty; one of them must say what it is")
    return title, description


def _outcomes(raw: Raw) -> tuple[str, ...]:
    parts = fields.text(raw, "outcome", 2**31).split(OUTCOMES_SEPARATOR)
    return tuple([fields.identifier({"outcome": part}, "outcome") for part in parts if part])


def _provenance(raw: Raw, limit: int) -> Provenance | None:
    """Return who stated a row and when; columns that do not say both are only kept."""
    try:
        agent, time = fields.optional(raw, "agent", limit), fields.number(raw, "time")
    except RowError:
        return None
    if agent is None or time is None:
        return None
    return Provenance(agent=agent, time=time, model=fields.optional(raw, "model", limit))


def _extra(kind: type[Record], raw: Raw, limit: int) -> dict[str, Any]:
    extra = {name: value for name, value in raw.items() if name not in FIELDS[kind]}
    if extra:
        fields.check_extra(extra, limit)
    return extra


def _cells(kind: type[Record], raw: Raw, limit: int, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a CSV row has besides our fields.

    Cells are texts; a column `extra` holds what is not, as one JSON object.
    """
    known = FIELDS[kind] + also
    extra = {name: cell for name, cell in raw.items() if cell != "" and name not in known}
    if "extra" in extra and isinstance(more := _object(extra["extra"]), dict):
        del extra["extra"]
        extra.update(more)
    if extra:
        fields.check_extra(extra, limit)
    return extra


def _object(cell: str) -> Any:
    try:
        return decode_json(cell)
    except (ValueError, RecursionError):
        return None
