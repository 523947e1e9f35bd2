"""What is known of learners, kept at hand between requests, and what is recommended to them."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.catalogue import Catalogue
from data.catalogue.arrivals import Arrival, Fate, Taken
from data.errors import GatewaysError, UnavailableError
from data.pseudonyms import pseudonym
from data.records import Erasure, Interaction, LearnerRecord, Statement
from data.settings import Settings
from data.workspace import Workspace
from models.learner.mastery import Mastery
from models.learner.model import LearnerModel, learner_model_in
from models.learner.placement import next_question
from models.learner.situation import Asked, Situation
from models.learner.state import Learner
from models.learner.teaching import Answered, Teaching, open_teaching

log = logging.getLogger(__name__)

KEPT_LEARNERS = 1000
CHECKED_EVERY = 2.0  # seconds
AGENT = "api"

Mark = tuple[int, ...]


@dataclass(slots=True)
class _Kept:
    """A learner's state, the teaching it was made with, and what of the catalogue is in it."""

    teaching: Teaching
    mark: Mark
    learner: Learner
    lock: threading.Lock = field(default_factory=threading.Lock)


class Learning:
    """Recommends, estimates and remembers. Safe to share between threads.

    Nothing derived of a learner is kept but in memory, and that only while the catalogue has what
    it was derived of.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._model_file = Workspace(settings.home).learner_model
        self._lock = threading.Lock()
        self._teaching: Teaching | None = None
        self._model: LearnerModel | None = None
        self._made_of: tuple[object, ...] = ()
        self._checked = 0.0
        self._learners: OrderedDict[str, _Kept] = OrderedDict()

    def name(self, learner: str) -> str:
        """The pseudonym under which a learner is kept."""
        return pseudonym(learner, self._settings.learner_key)

    def name_on_page(self, learner: str) -> str:
        """The same for whoever follows a link, which names learners as they are kept."""
        if self._settings.learner_key is None:
            return learner
        is_kept = any(self._catalogue.learners.mark(learner)) or bool(
            self._catalogue.recommendations.of_learner(learner)
        )
        return learner if is_kept else self.name(learner)

    def teaching(self) -> Teaching:
        """What is taught now; read anew when the catalogue or the model has changed.

        Raises UnavailableError for a damaged model, if none was read before it.
        """
        with self._lock:
            now = time.monotonic()
            if self._teaching is None or now - self._checked >= CHECKED_EVERY:
                made_of = (*self._catalogue.teaching_mark(), *_stamp(self._model_file))
                if self._teaching is None or made_of != self._made_of:
                    self._teaching = open_teaching(self._catalogue, self._read_model())
                    self._made_of = made_of
                    # What rests on another teaching is not used again, and would keep it in memory.
                    self._learners.clear()
                self._checked = now
            return self._teaching

    def take(self, arrivals: Sequence[Arrival]) -> list[Taken]:
        """Keep what learners did; it is on the disk when this returns."""
        taken = self._catalogue.interactions.add(arrivals)
        self._bring_up_kept(arrivals, taken)
        return taken

    def take_all(self, arrivals: Sequence[Arrival], withdrawn: Sequence[str]) -> None:
        """The same, but all or none, and retire what is withdrawn. Raises what `add_all` raises."""
        taken = self._catalogue.interactions.add_all(arrivals, withdrawn)
        self._bring_up_kept(arrivals, taken)

    def state(self, statement: Statement) -> Statement:
        """Keep what was said of a learner. Raises what `Statements.add` raises."""
        kept = self._catalogue.statements.add(statement)
        self._forget(statement.learner)
        return kept

    def recommend(self, name: str, asked: Asked) -> tuple[Teaching, Answered]:
        """The next steps, logged as shown to the learner. Raises what `preview` raises."""
        teaching, answered = self.preview(name, asked)
        self._catalogue.recommendations.record(answered.kept)
        return teaching, answered

    def preview(self, name: str, asked: Asked) -> tuple[Teaching, Answered]:
        """The same for someone else's eyes. Raises what `Teaching.recommend` raises."""
        teaching = self.teaching()
        kept = self._kept(teaching, name)
        with kept.lock:
            return teaching, teaching.recommend(name, kept.learner, asked)

    def mastery(self, name: str, asked: Asked) -> tuple[Teaching, Learner, Mastery, Situation]:
        """What a learner probably can do. Raises what `Teaching.mastery` raises."""
        teaching = self.teaching()
        kept = self._kept(teaching, name)
        with kept.lock:
            return teaching, kept.learner, *teaching.mastery(kept.learner, asked)

    def question(self, name: str, asked: Asked) -> tuple[Teaching, int | None, int]:
        """The next outcome (row) to ask a newcomer about, and how many were asked before."""
        teaching, learner, mastery, situation = self.mastery(name, asked)
        row = next_question(learner, teaching.curriculum, mastery, situation)
        return teaching, row, len(learner.placed)

    def export(self, name: str) -> LearnerRecord:
        """All that is kept of a learner. Raises NotFoundError for nothing."""
        return self._catalogue.learners.export(name)

    def erase(self, name: str) -> Erasure:
        """Erase a learner, here too. Raises what `Learners.erase` raises."""
        try:
            return self._catalogue.learners.erase(name, AGENT, time.time())
        finally:
            self._forget(name)

    def _kept(self, teaching: Teaching, name: str) -> _Kept:
        mark = self._catalogue.learners.mark(name)
        with self._lock:
            found = self._learners.get(name)
            if found and found.teaching is teaching and found.mark == mark:
                self._learners.move_to_end(name)
                return found
        # What is written meanwhile is seen next time, by the mark that was read before it.
        made = _Kept(teaching, mark, teaching.learner(self._catalogue, name))
        with self._lock:
            if teaching is self._teaching:
                self._learners[name] = made
                self._learners.move_to_end(name)
                while len(self._learners) > KEPT_LEARNERS:
                    self._learners.popitem(last=False)
        if self._catalogue.learners.mark(name) != mark:
            self._forget(name)  # They may have been erased meanwhile, and nothing is to stay here.
        return made

    def _bring_up_kept(self, arrivals: Sequence[Arrival], taken: Sequence[Taken]) -> None:
        for (_, interaction), one in zip(arrivals, taken, strict=True):
            if one.fate is Fate.KEPT:
                self._bring_up(interaction)

    def _bring_up(self, interaction: Interaction) -> None:
        """Take one more interaction into a state that is at hand, if it is the latest of all."""
        with self._lock:
            found = self._learners.get(interaction.learner)
        if found is None:
            return
        mark = self._catalogue.learners.mark(interaction.learner)
        with found.lock:
            is_next = interaction.time > found.learner.latest and mark[1:] == _one_more(found.mark)
            if is_next:
                found.learner.did(interaction, found.teaching.tracer, found.teaching.aligned)
                found.mark = mark
        if not is_next:
            self._forget(interaction.learner)

    def _read_model(self) -> LearnerModel:
        try:
            self._model = learner_model_in(self._model_file)
        except GatewaysError as error:
            if self._model is None:
                raise UnavailableError(str(error)) from error
            log.warning("%s; the learner model before it is still in use", error)
        return self._model

    def _forget(self, name: str) -> None:
        with self._lock:
            self._learners.pop(name, None)


def _one_more(mark: Mark) -> Mark:
    """What follows a mark's highest number after one more interaction and nothing else."""
    _, count, *rest = mark
    return (count + 1, *rest)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
