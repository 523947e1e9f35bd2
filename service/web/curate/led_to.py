"""Which outcomes wait for a decision that nobody proposed: what an accepted one has led to."""

from collections.abc import Collection, Mapping

from data.records import Decision, Verdict
from models.suggestion import Answer


def led_to(answer: Answer, verdicts: Mapping[str, Decision], stated: Collection[str]) -> set[str]:
    """What is to be shown of a resource now that a crosswalk leads to it, and is not decided on.

    The queue proposed before anything was accepted; the answer knows what was accepted since.
    `verdicts` are those that stand, `stated` what the resource is aligned to.
    """
    accepted = {name for name, one in verdicts.items() if one.verdict is Verdict.ACCEPT}
    found = {
        one.outcome
        for one in answer.suggestions
        if one.selected
        and any(origin.outcome in accepted for reason in one.reasons for origin in reason.by)
    }
    return found.difference(verdicts, stated)
