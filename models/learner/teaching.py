"""A catalogue and a learner model → what is taught, and what is known of a learner."""

import hashlib
import logging
from dataclasses import asdict, dataclass
from typing import Final

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.records import Recommendation, ShownResource
from models.alignment.transfer import Lines
from models.learner.crossing import crossed
from models.learner.curriculum import Curriculum
from models.learner.evidence import Aligned
from models.learner.mastery import Mastery
from models.learner.model import LearnerModel
from models.learner.recommender import POLICY, Recommended, Recommender
from models.learner.shelf import Shelf, sure_alignments
from models.learner.situation import Asked, Situation, situation_of
from models.learner.state import Learner, learner_of
from models.learner.tracing import Tracer

log = logging.getLogger(__name__)

DAY: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the recommender found, and what the log keeps of it.

    `known` is whether anything was recorded of the learner before.
    """

    found: Recommended
    kept: Recommendation
    known: bool


class Teaching:
    """All that recommendations rest on besides the learner. Safe to share between threads."""

    def __init__(self, curriculum: Curriculum, shelf: Shelf, model: LearnerModel) -> None:
        self.curriculum = curriculum
        self.shelf = shelf
        self.recommender = Recommender(curriculum, shelf, model.tracer, model.helpful)

    @property
    def tracer(self) -> Tracer:
        """What estimates mastery."""
        return self.recommender.tracer

    @property
    def aligned(self) -> Aligned:
        """Resource → outcomes, of alignments that are sure."""
        return self.shelf.aligned

    @property
    def policy(self) -> str:
        """Names the version of what answers: how it recommends, and what it was fitted on."""
        return f"{POLICY}/{self.tracer.kind}-{self.tracer.answers}"

    def learner(self, catalogue: Catalogue, name: str) -> Learner:
        """All that the catalogue has of a learner, taken in."""
        did = catalogue.interactions.of_learner(name)
        said = catalogue.statements.of_learner(name)
        return learner_of(did, said, self.tracer, self.aligned)

    def recommend(self, name: str, learner: Learner, asked: Asked) -> Answered:
        """The next steps; asked again on the same day, before anything is done, they are the same.

        Raises what `check` and `situation_of` do.
        """
        self.check(asked)
        day = int(asked.now // DAY)
        wanted = {key: value for key, value in asdict(asked).items() if key != "now" and value}
        same = f"{name} {self.policy} {learner.marks} {day} {sorted(wanted.items())}"
        digest = hashlib.sha256(same.encode("utf-8", "surrogatepass")).digest()
        found = self.recommender.recommend(learner, asked, int.from_bytes(digest[:8]))
        shown = tuple(
            ShownResource(
                resource=self.shelf.resources[step.resource].id,
                outcome=self.curriculum.ids[step.outcome],
                purpose=step.purpose.value,
                position=position,
                score=round(step.score, 6),
                propensity=round(step.propensity, 6),
            )
            for position, step in enumerate(found.steps, start=1)
        )
        # What is taught may change on the same day: another list is another answer in the log.
        lines = repr([(one.resource, one.outcome) for one in shown])
        kept = Recommendation(
            id=hashlib.sha256(digest + lines.encode("utf-8", "surrogatepass")).hexdigest()[:32],
            learner=name,
            time=asked.now,
            policy=self.policy,
            asked=wanted,
            shown=shown,
            candidates=tuple(
                (self.shelf.resources[one.resource].id, round(one.score, 6))
                for one in found.candidates
            ),
        )
        return Answered(found=found, kept=kept, known=learner.marks > 0)

    def mastery(self, learner: Learner, asked: Asked) -> tuple[Mastery, Situation]:
        """What a learner can do, and of which curriculum and level they are taken to be.

        Raises what `check` and `situation_of` do.
        """
        self.check(asked)
        situation = situation_of(learner, self.curriculum, self.shelf, asked)
        return self.recommender.mastery(learner, asked, situation), situation

    def check(self, asked: Asked) -> None:
        """Raise NotFoundError for a goal or framework that is not there.

        A heading is a goal where something below it can be taught.
        """
        curriculum = self.curriculum
        if asked.goal is not None and not curriculum.under(asked.goal):
            raise NotFoundError(f"outcome {asked.goal!r} is not in the catalogue")
        frameworks = {name for name, _ in curriculum.level_ranks} | set(curriculum.frameworks)
        if asked.framework is not None and asked.framework not in frameworks:
            raise NotFoundError(f"framework {asked.framework!r} is not in the catalogue")


def open_teaching(catalogue: Catalogue, model: LearnerModel) -> Teaching:
    """Read what is taught from a catalogue, by its crosswalks for each curriculum, too."""
    outcomes = catalogue.outcomes.live()
    curriculum = Curriculum(outcomes, catalogue.prerequisites.live())
    for cycle in curriculum.cycles:
        log.warning("prerequisites run in a circle and are taken as one step: %s", ", ".join(cycle))
    framework = {outcome.id: outcome.framework for outcome in outcomes}
    lines = Lines(catalogue.correspondences.live(), framework)
    own = sure_alignments(catalogue.alignments.live())
    aligned, origins = crossed(own, lines, catalogue.ledger.rejections())
    shelf = Shelf(curriculum, list(catalogue.resources.live()), aligned, origins)
    return Teaching(curriculum, shelf, model)
