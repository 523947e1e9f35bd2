"""All that is known of one learner, brought up to date with each thing they do.

A pure function of what they did and of what was said of them: the order in which it arrived does
not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from data.records import Event, Interaction, Statement, Voice
from models.learner.evidence import WHOLE_QUESTIONS, Aligned, Evidence, evidence_of, stated
from models.learner.history import History, Practice
from models.learner.observer.knowing import Knowing
from models.learner.tracing import Tracer

REMEMBERED: Final = 20
PASSED: Final = 0.8


@dataclass(slots=True)
class Learner:
    """What they did, what they finished, and what was said of them.

    `knowing` is what is believed of each outcome that they answered or were explained, `answered`
    what they did of each, without what was only said, which `history` has too.
    `finished` are resources they completed or passed, `met` how often they met each, `recent` the
    outcomes they worked on last, newest last, `marks` how many things were taken in until `latest`.
    `overridden`, `contested` and `placed` are what a teacher, the learner, and the learner on
    placement said of an outcome last.
    """

    history: History = field(default_factory=History)
    answered: dict[str, Practice] = field(default_factory=dict)
    knowing: dict[str, Knowing] = field(default_factory=dict, compare=False)  # of arrays
    finished: set[str] = field(default_factory=set)
    met: dict[str, int] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    overridden: dict[str, Statement] = field(default_factory=dict)
    contested: dict[str, Statement] = field(default_factory=dict)
    placed: dict[str, Statement] = field(default_factory=dict)
    latest: float = 0.0
    marks: int = 0

    def did(self, interaction: Interaction, tracer: Tracer, aligned: Aligned) -> None:
        """Take in what they did next; `interaction` is not earlier than what was taken in."""
        self.marks += 1
        self._note(interaction)
        one = evidence_of(interaction, aligned)
        if one is not None:
            self._observe(one, tracer)
            for name, certainty in one.outcomes:
                done = self.answered.setdefault(name, Practice())
                done.take(one.score, one.weight * certainty, self.marks, one.time)

    def said(self, statement: Statement, tracer: Tracer) -> None:
        """Take in what was said next."""
        self.marks += 1
        book = {
            Voice.TEACHER: self.overridden,
            Voice.LEARNER: self.contested,
            Voice.PLACEMENT: self.placed,
        }[statement.voice]
        book[statement.outcome] = statement
        one = stated(statement)
        if one is not None:
            self._observe(one, tracer)
        self.latest = max(self.latest, statement.time)

    def _note(self, interaction: Interaction) -> None:
        self.latest = max(self.latest, interaction.time)
        resource = interaction.resource
        if resource is None:
            return
        self.met[resource] = self.met.get(resource, 0) + 1
        answered = interaction.item is None and interaction.event is not Event.VIEWED
        passed = answered and (interaction.score or 0.0) >= PASSED
        if interaction.event is Event.COMPLETED or passed:
            self.finished.add(resource)

    def _observe(self, one: Evidence, tracer: Tracer) -> None:
        self.history.observe(one, tracer.difficulties)
        for name, certainty in one.outcomes:
            found = self.knowing.setdefault(name, Knowing())
            if one.explains:
                found.explain(certainty * WHOLE_QUESTIONS, one.time)
            else:
                found.answer(one.score, certainty * one.weight, one.time, one.questions)
        self.recent.extend(name for name, _ in one.outcomes)
        del self.recent[:-REMEMBERED]


def learner_of(
    interactions: Iterable[Interaction],
    statements: Sequence[Statement],
    tracer: Tracer,
    aligned: Aligned,
) -> Learner:
    """Everything from the beginning, in its order of time."""
    learner = Learner()
    happened: list[tuple[float, int, str, Interaction | Statement]] = [
        (one.time, 0, _name(one), one) for one in interactions
    ]
    happened += [(one.time, 1, f"{one.id or 0:020}", one) for one in statements]
    for _, _, _, one in sorted(happened, key=lambda each: each[:3]):
        if isinstance(one, Statement):
            learner.said(one, tracer)
        else:
            learner.did(one, tracer, aligned)
    return learner


def _name(one: Interaction) -> str:
    return repr((one.resource, one.item, one.outcomes, one.event.value, one.score))
