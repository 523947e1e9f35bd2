"""The texts by which an edition's outcomes are embedded, headings too: as an index has them."""

from collections.abc import Sequence

from data.records import Outcome
from models.text import outcome_path, outcome_text


def edition_texts(outcomes: Sequence[Outcome]) -> list[str]:
    """For each outcome its title below those above it, and its description."""
    by_id = {outcome.id: outcome for outcome in outcomes}
    return [outcome_text(outcome, outcome_path(outcome, by_id)) for outcome in outcomes]
