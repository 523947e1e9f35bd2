"""Which resources others learned more from than was expected of them.

A resource is credited with what a learner answers next about an outcome that it is for: how much
better or worse that went than the tracer foretold. How often it is used plays no part.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from data.records import Interaction
from models.learner.evidence import Aligned, evidence_of
from models.learner.tracing import Tracer
from models.log_odds import probabilities

PRIOR_ANSWERS: Final = 20.0
"""Answers with nothing surprising in them that every resource begins with."""

STEEPEST: Final = 4.0
"""Log-odds per probability where both outcomes are as likely."""


def helpful_resources(
    learners: Mapping[str, Sequence[Interaction]], tracer: Tracer, aligned: Aligned
) -> dict[str, float]:
    """Resource → how much better answers after it were than expected, in log-odds, about 0.

    `learners` are each one's interactions in their order of time.
    """
    surplus: dict[str, float] = {}
    answers: dict[str, float] = {}
    for interactions in learners.values():
        each = [(one, evidence_of(one, aligned)) for one in interactions]
        told = iter(probabilities(tracer.trace([one for _, one in each if one is not None])))
        met: dict[str, str] = {}  # outcome → the resource that was met for it last
        for interaction, one in each:
            if one is not None:
                surprise = one.score - float(next(told))
                for outcome, certainty in one.outcomes:
                    source = met.get(outcome)
                    if source is not None and source != interaction.resource:
                        weight = one.weight * certainty
                        surplus[source] = surplus.get(source, 0.0) + weight * surprise
                        answers[source] = answers.get(source, 0.0) + weight
            if interaction.resource is not None:
                for outcome, _ in aligned.get(interaction.resource, ()):
                    met[outcome] = interaction.resource
    return {
        source: STEEPEST * surplus[source] / (answers[source] + PRIOR_ANSWERS) for source in surplus
    }
