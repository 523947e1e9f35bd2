"""What learners did → a learner model."""

from collections.abc import Iterable, Mapping, Sequence

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import Document
from data.records import Alignment, Interaction
from evaluation.dataset import reading
from models.learner.evidence import Aligned, evidence_of, in_time
from models.learner.fitting import fit_tracer
from models.learner.helpful import helpful_resources
from models.learner.model import LearnerModel
from models.learner.shelf import sure_alignments

Did = Mapping[str, Sequence[Interaction]]


def train_on_dataset(document: Document) -> LearnerModel:
    """Fit on a dataset's interactions. Raises GatewaysError when they say too little."""
    aligned = sure_alignments(reading.records(document, Alignment))
    did = _by_learner(reading.records(document, Interaction))
    return _fit(did, aligned, document.dataset.name)


def train_on_catalogue(catalogue: Catalogue) -> LearnerModel:
    """Fit on a catalogue's interactions. Raises GatewaysError when they say too little."""
    aligned = sure_alignments(catalogue.alignments.live())
    return _fit(_by_learner(catalogue.interactions.live()), aligned, "the catalogue")


def _fit(did: Did, aligned: Aligned, where: str) -> LearnerModel:
    histories = {}
    for who, interactions in did.items():
        found = (evidence_of(one, aligned) for one in interactions)
        if evidence := in_time(one for one in found if one is not None):
            histories[who] = evidence
    try:
        tracer = fit_tracer(histories)
    except ValueError as error:
        raise GatewaysError(
            f"{where}: nothing can be learned of its interactions: {error}; the score of an "
            "attempt is between 0 and 1"
        ) from None
    return LearnerModel(tracer=tracer, helpful=helpful_resources(did, tracer, aligned))


def _by_learner(interactions: Iterable[Interaction]) -> dict[str, list[Interaction]]:
    found: dict[str, list[Interaction]] = {}
    for one in interactions:
        found.setdefault(one.learner, []).append(one)
    for each in found.values():
        each.sort(key=lambda one: one.time)
    return found
