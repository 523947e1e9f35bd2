"""What learners did → a learner model."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import Document
from data.records import Alignment, Interaction
from evaluation.dataset import reading
from evaluation.learner.judging import judges_of
from models.learner.evidence import Aligned, evidence_of, in_time
from models.learner.fitting import Histories, differ, fit_tracer
from models.learner.helpful import helpful_resources
from models.learner.model import LearnerModel
from models.learner.shelf import sure_alignments
from models.learner.tracing import Tracer, starting_tracer


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What each learner did, in their order of time, and what it says of them; `name` is where."""

    name: str
    did: Mapping[str, Sequence[Interaction]]
    aligned: Aligned
    histories: Histories

    @property
    def fingerprint(self) -> str:
        """A hash of all that can be learned from."""
        return _digest(self.histories)


def done_in_dataset(document: Document) -> Done:
    """Read a dataset's interactions."""
    aligned = sure_alignments(reading.records(document, Alignment))
    return _done(document.dataset.name, reading.records(document, Interaction), aligned)


def done_in_catalogue(catalogue: Catalogue) -> Done:
    """Read a catalogue's interactions."""
    aligned = sure_alignments(catalogue.alignments.live())
    return _done("the catalogue", catalogue.interactions.live(), aligned)


def fitted(done: Done) -> LearnerModel:
    """Fit to all of it. Raises GatewaysError when it says too little."""
    try:
        tracer = fit_tracer(done.histories)
    except ValueError as error:
        raise GatewaysError(
            f"{done.name}: nothing can be learned of its interactions: {error}; the score of an "
            "attempt is between 0 and 1"
        ) from None
    return LearnerModel(tracer=tracer, helpful=helpful_resources(done.did, tracer, done.aligned))


def rehearsed(done: Done) -> Tracer:
    """The same fitted without the learners that judge, so that it can be judged by them."""
    rest, _ = judges_of(done.histories)
    return fit_tracer(rest) if differ(rest) else starting_tracer()


def judges(done: Done) -> tuple[Histories, str]:
    """The learners that judge, and a hash of what they did."""
    _, found = judges_of(done.histories)
    return found, _digest(found)


def _done(name: str, interactions: Iterable[Interaction], aligned: Aligned) -> Done:
    did: dict[str, list[Interaction]] = {}
    for one in interactions:
        did.setdefault(one.learner, []).append(one)
    histories = {}
    for who, each in did.items():
        each.sort(key=lambda one: one.time)
        found = (evidence_of(one, aligned) for one in each)
        if evidence := in_time(one for one in found if one is not None):
            histories[who] = evidence
    return Done(name=name, did=did, aligned=aligned, histories=histories)


def _digest(histories: Histories) -> str:
    found = hashlib.sha256()
    for who in sorted(histories):
        found.update(repr((who, histories[who])).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:16]
