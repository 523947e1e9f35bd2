"""Which outcomes of a resource wait for a decision: what was proposed, and what one has led to."""

from data.catalogue import Catalogue
from data.records import Verdict
from models.suggestion import Answer


def waiting(catalogue: Catalogue, resource: str, answer: Answer | None) -> set[str]:
    """Open proposals, and what is to be shown now that a crosswalk leads to it.

    The queue proposed before anything was accepted; the answer knows what was accepted since.
    """
    proposed = {one.outcome for one in catalogue.queue.proposed(resource)}
    return proposed | _led_to(catalogue, resource, answer) if answer else proposed


def _led_to(catalogue: Catalogue, resource: str, answer: Answer) -> set[str]:
    verdicts = catalogue.ledger.standing(resource)
    accepted = {name for name, one in verdicts.items() if one.verdict is Verdict.ACCEPT}
    found = {
        one.outcome
        for one in answer.suggestions
        if one.selected
        and any(origin.outcome in accepted for reason in one.reasons for origin in reason.by)
    }
    if not found:
        return found
    stated = {one.outcome for one in catalogue.alignments.of_resource(resource)}
    return found - verdicts.keys() - stated
