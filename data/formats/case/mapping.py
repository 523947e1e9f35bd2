"""What CASE calls a thing ↔ what we call it: items and outcomes, associations and statements.

What an outcome has no field for stays in its `extra` under `case`: as `item` all of a CFItem that
the outcome's own fields would not give back (None where they would say more than it did), as
`CFAssociations` those that begin at it, whole.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from data.formats import fields
from data.formats.case.tidying import Json, derived, is_uuid, text_of
from data.formats.rows import FIELDS
from data.records import Correspondence, Match, Outcome, Prerequisite

CASE: Final = "case"
OURS: Final = "gateways"
"""Under which `extensions` of CASE 1.1 have what only we understand."""

HEADING, ASSIGNABLE = "Heading", "Outcome"  # as CFItemType
CHILD, PRECEDES, EXEMPLAR = "isChildOf", "precedes", "exemplar"
MATCHES: Mapping[str, Match] = {
    "exactMatchOf": Match.EXACT,
    "isPartOf": Match.BROADER,
    "isRelatedTo": Match.RELATED,
    "replacedBy": Match.SUCCESSOR,
}
_NUMBERS = range(-(2**31), 2**31)
_TYPES = {match: name for name, match in MATCHES.items()}


class Ends(NamedTuple):
    """What an association says: its type, and the identifiers of what it leads from and to."""

    type: str
    origin: str
    destination: str


def ends_of(association: Json) -> Ends:
    """What an association says; a part that it lacks is empty."""
    return Ends(
        text_of(association.get("associationType")),
        _identifier(association.get("originNodeURI")),
        _identifier(association.get("destinationNodeURI")),
    )


def number_of(association: Json | None) -> int | None:
    """The place among siblings that an association states, if a database can hold it."""
    number = association.get("sequenceNumber") if association else None
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    return number if is_whole and number in _NUMBERS else None


def identifier_of(kind: str, id_: str) -> str:
    """The CASE identifier of what we know by an id: the id itself if it can be one."""
    return id_ if is_uuid(id_) else derived(kind, id_)


def outcome_fields(item: Json, document: Json) -> Json:
    """The fields of an outcome that an item itself tells, `assignable` if it says that."""
    short, full = text_of(item.get("abbreviatedStatement")), text_of(item.get("fullStatement"))
    language = _language(item) or _language(document)
    found = {
        "id": text_of(item.get("identifier")),
        "framework": text_of(document.get("identifier")),
        "code": text_of(item.get("humanCodingScheme")),
        "title": short if short.strip() else full,
        "description": full if short.strip() else "",
        "subject": "; ".join(_texts(item.get("subject")) or _texts(document.get("subject"))),
        "levels": _texts(item.get("educationLevel")),
        "language": language,
    }
    if item.get("CFItemType") in (HEADING, ASSIGNABLE):
        found["assignable"] = item["CFItemType"] == ASSIGNABLE
    return found | {name: value for name, value in _ours(item).items() if _is_extra(name)}


def kept_of(item: Json, outcome: Outcome) -> Json:
    """What of an item its outcome's own fields do not give back."""
    said = content_of(outcome)
    more = {name: None for name in said if name not in item}
    differs = {
        name: value
        for name, value in item.items()
        if name != "identifier" and (name not in said or said[name] != value)
    }
    return more | differs


def content_of(outcome: Outcome) -> Json:
    """What the outcome's own fields say in the words of CASE 1.1."""
    own = {name: value for name, value in outcome.extra.items() if name != CASE}
    found = {
        "fullStatement": outcome.description or outcome.title,
        "abbreviatedStatement": outcome.title if outcome.description else "",
        "humanCodingScheme": outcome.code,
        "language": outcome.language,
        "educationLevel": list(outcome.levels),
        "CFItemType": ASSIGNABLE if outcome.assignable else HEADING,
        "subject": [outcome.subject] if outcome.subject else [],
        "extensions": {OURS: own} if own else {},
    }
    return {name: value for name, value in found.items() if value}


def case_of(outcome: Outcome) -> Json | None:
    """What is kept of the item that an outcome was, None if it was none."""
    kept = outcome.extra.get(CASE)
    return kept if isinstance(kept, dict) else None


def statement_of(ends: Ends) -> Prerequisite | Correspondence | None:
    """The record that says what an association does, if we have one for that."""
    if ends.origin == ends.destination or not (ends.origin and ends.destination):
        return None
    if ends.type == PRECEDES:
        return Prerequisite(outcome=ends.destination, requires=ends.origin)
    if match := MATCHES.get(ends.type):
        return Correspondence(outcome=ends.origin, other=ends.destination, match=match)
    return None


def said_by(statement: Prerequisite | Correspondence) -> Ends:
    """What the association of a statement says, between our ids."""
    if isinstance(statement, Prerequisite):
        return Ends(PRECEDES, statement.requires, statement.outcome)
    if statement.match is Match.NARROWER:
        return Ends(_TYPES[Match.BROADER], statement.other, statement.outcome)
    return Ends(_TYPES[statement.match], statement.outcome, statement.other)


def _identifier(node: Any) -> str:
    return text_of(node.get("identifier")) if isinstance(node, dict) else ""


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for inner in values if (text := text_of(inner))]


def _language(raw: Json) -> str | None:
    tag = text_of(raw.get("language")).strip().replace("_", "-")
    return tag if tag and fields.well_formed(tag) else None


def _ours(item: Json) -> Json:
    extensions = item.get("extensions")
    found = extensions.get(OURS) if isinstance(extensions, dict) else None
    return found if isinstance(found, dict) else {}


def _is_extra(name: str) -> bool:
    return name not in FIELDS[Outcome] and name != CASE
