"""Interactions whose source calls what they are about otherwise than the catalogue does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from data.catalogue.intake import Intake
from data.catalogue.naming import Known
from data.formats.fields import ID_LIMIT, shown
from data.formats.protocol import Called, Refusal, Row
from data.records import Interaction


def placed(interaction: Interaction, about: Sequence[Called], known: Known) -> Interaction | None:
    """With the ids of what it is about, or None if nothing of it is in the catalogue.

    The first resource that is named is its resource, and all outcomes are its outcomes. What it is
    about itself is the item, if that is not the whole resource.
    """
    resources = [_resource(one, known) for one in about]
    resource = next(filter(None, resources), None)
    named = [
        next((name for name in one.outcome if name in known.outcomes), None)
        for one, whole in zip(about, resources, strict=True)
        if whole is None
    ]
    outcomes = tuple(dict.fromkeys(filter(None, named)))
    if resource is None and not outcomes:
        return None
    item = None
    if resources[0] is None:
        item = named[0] or _item(about[0].resource[0])
    if resource is None:
        item = item or outcomes[0]
    return replace(interaction, resource=resource, item=item, outcomes=outcomes)


def not_here(about: Sequence[Called]) -> str:
    """Why an interaction has no place, and how to mend it."""
    return (
        f"object {shown(about[0].resource[0])} is no resource or outcome of the catalogue by id or "
        "address, and nothing in its context is; take that in first"
    )


def place_rows(intake: Intake, chunk: Sequence[Row[Any] | Refusal]) -> Iterator[Row[Any] | Refusal]:
    """The same rows, those that tell what they are about in other words with ids or refused."""
    about = [called for row in chunk if isinstance(row, Row) for called in row.about]
    if not about:
        yield from chunk
        return
    with intake.batch() as batch:
        known = batch.known(about)
    for row in chunk:
        if isinstance(row, Refusal) or not row.about:
            yield row
        elif (found := placed(row.record, row.about, known)) is not None:
            yield replace(row, record=found)
        else:
            yield Refusal(row.file, row.line, not_here(row.about))


def _resource(called: Called, known: Known) -> str | None:
    return next(
        (known.resources[name] for name in called.resource if name in known.resources), None
    )


def _item(name: str) -> str | None:
    """What was worked on within the resource, unless its name may be somebody's address."""
    is_fit = len(name) <= ID_LIMIT and "@" not in name and not any(map(str.isspace, name))
    return name if is_fit else None
