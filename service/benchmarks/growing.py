"""What long jobs take as the catalogue grows: the real commands on made-up catalogues.

Only the encoder is spared: vectors of all texts are made up and lie in the workspace's cache before
the commands begin, as if each had been embedded before.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.dataset_folder_writer import write_folder
from data.progress import progress_bar
from data.records import Alignment, Outcome, Record, Resource
from data.settings import Settings
from data.workspace import Workspace
from models.alignment.aligner import Aligner
from models.bundles.named import MINILM
from models.encoder import Matrix
from models.encoders.loading import load_encoder
from models.encoders.vector_cache import key_of
from models.encoders.vector_store import VectorStore
from models.ranking.background import background_texts
from models.snapshots.indexing import outcome_entries
from models.snapshots.open import open_serving
from models.text import outcome_text, query_of, resource_text
from service.benchmarks.made_up import MadeUp, directions
from service.benchmarks.own_home import own_environment, own_settings

DIMENSION: Final = 384
ALIGNED: Final = 300
"""Resources that suggestions are worked out for."""

SLICE: Final = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A job on so many rows, and its seconds."""

    job: str
    rows: int
    seconds: float


def measure(sizes: Sequence[int], *, retrain: bool = False) -> Iterator[Step]:
    """Each job on a catalogue of each size, in a folder that is removed again.

    Raises GatewaysError when a command fails, with what it said.
    """
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _grown(Path(folder), MadeUp(rows), retrain)


def _grown(folder: Path, made: MadeUp, retrain: bool) -> Iterator[Step]:
    home, dataset = folder / "home", folder / "made-up"
    kinds: tuple[type[Record], ...] = (Outcome, Resource, Alignment)
    records = {kind: (row.record for row in made.read(kind)) for kind in kinds}
    write_folder(dataset, made.dataset, records)
    yield _ran(home, "import", made.resources, str(dataset))
    yield _ran(home, "import", made.resources, str(dataset), job="import again")
    settings = own_settings(home)
    _remember(settings, made)
    yield _ran(home, "index", made.resources)
    yield _aligned(settings, made)
    if retrain:
        yield _ran(home, "retrain", made.resources, "--way", "ranker")


def _ran(home: Path, command: str, rows: int, *arguments: str, job: str = "") -> Step:
    """One command of the program in a process of its own."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: S603  the program itself, and no shell
            [sys.executable, "-P", "-m", "gateways", "--home", str(home), command, *arguments],
            env=own_environment(),
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        failed = process.wait()
        seconds = time.perf_counter() - began
        if failed:
            said.seek(0)
            raise GatewaysError(f"bench growth: {command} failed: {said.read()[-1000:].strip()}")
    return Step(job or command, rows, seconds)


def _remember(settings: Settings, made: MadeUp) -> None:
    """Fill the cache with vectors of all texts that an index embeds."""
    workspace = Workspace(settings.home)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        entries = outcome_entries(catalogue.outcomes.live())
    encoder = load_encoder(MINILM, workspace.models, backend=settings.backend)
    workspace.vectors.mkdir(parents=True, exist_ok=True)
    store = VectorStore(workspace.vectors / f"{encoder.fingerprint}.sqlite", 4 * DIMENSION)
    known = [outcome_text(entry.outcome, entry.path) for entry in entries]
    known += [text for group in background_texts() for text in group]
    vectors = directions(len(known), DIMENSION)
    by_id = {entry.outcome.id: row for row, entry in enumerate(entries)}
    ordered = vectors[[by_id[f"o{number}"] for number in range(made.outcomes)]]
    _write(store, known, vectors)
    found = made.vectors(ordered)
    with progress_bar("Making vectors", made.resources) as progress:
        for start in range(0, made.resources, SLICE):
            numbers = range(start, min(start + SLICE, made.resources))
            texts = [resource_text(made.resource(number)) for number in numbers]
            _write(store, texts, found[start : start + SLICE])
            progress(len(texts))


def _write(store: VectorStore, texts: Sequence[str], vectors: Matrix) -> None:
    stored = (vector.astype("<f4").tobytes() for vector in vectors)
    store.write(dict(zip(map(key_of, texts), stored, strict=True)))


def _aligned(settings: Settings, made: MadeUp) -> Step:
    """Suggestions for some of the resources, from their vectors, in this process."""
    snapshot, encoder = open_serving(settings)
    aligner = Aligner(snapshot, encoder)
    asked = [query_of(made.resource(number)) for number in range(min(ALIGNED, made.resources))]
    rows = snapshot.resources.rows([str(query.resource) for query in asked])
    vectors = snapshot.resources.vectors(rows)
    aligner.rank(asked[0], vectors[0])
    began = time.perf_counter()
    for query, vector in zip(asked, vectors, strict=True):
        aligner.rank(query, vector)
    return Step("align", len(asked), time.perf_counter() - began)
