"""Why nothing is suggested, and what would help."""

from typing import Final

import regex

from models.encoder import Encoder
from models.languages import primary, unsupported_script
from models.suggestion import Abstention, AbstentionCause, Filters, Query

_LETTER = regex.compile(r"\p{L}")

NOTHING_CLOSE: Final = Abstention(
    cause=AbstentionCause.NOTHING_CLOSE,
    help="No outcome is likely enough to be shown. A longer description, or another framework, "
    "subject or level, may help; perhaps the curriculum has no such outcome.",
)


def refusal(query: Query, encoder: Encoder) -> Abstention | None:
    """Why a query cannot be answered at all, None where it can."""
    if not _LETTER.search(query.text):
        return Abstention(
            cause=AbstentionCause.NO_TEXT,
            help="Give a title or a description of what the resource is about, in words.",
        )
    spoken = encoder.languages
    stated = primary(query.language or "")
    foreign = stated not in spoken if stated else unsupported_script(query.text, spoken)
    if spoken and foreign:
        return Abstention(
            cause=AbstentionCause.LANGUAGE,
            help=f"The encoder «{encoder.name}» does not know "
            f"{f'the language «{stated}»' if stated else 'this script'}; index the catalogue "
            f"with {'a multilingual' if len(spoken) == 1 else 'another'} one: "
            f"GATEWAYS_ENCODER={'e5' if len(spoken) == 1 else 'NAME'} gateways index.",
        )
    return None


def nothing_allowed(filters: Filters) -> Abstention:
    """What is said where no outcome passes the filters."""
    asked = ", ".join([*filters.frameworks, *filters.languages, *filters.levels])
    return Abstention(
        cause=AbstentionCause.NOTHING_ALLOWED,
        help=f"No outcome in the index passes the filter ({asked or 'all were rejected'}); "
        "widen it, or run `gateways status` to see what is there.",
    )
