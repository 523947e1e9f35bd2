"""How well, how fast and in how much memory each kind of index searches, beside one by one.

Each step has a process of its own, so that what an index takes of the memory can be told.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, ParamSpec, TypeVar, get_args

import numpy as np

from data.errors import GatewaysError
from data.progress import Progress
from data.settings import Settings
from evaluation.index.memory import Memory, memory
from evaluation.index.vectors import Topics
from models.encoder import Matrix
from models.index import (
    Kind,
    Mask,
    Rows,
    VectorIndex,
    brought_up_to,
    drop_collections,
    kind_for,
    load_index,
    make_index,
    milvus_of,
)

P = ParamSpec("P")
T = TypeVar("T")

NEIGHBOURS: Final = 10
QUERIES: Final = 1000
SHARES: Final = (0.1, 0.01)
"""Of all rows, those that a filter lets through."""
SECONDS: Final = 15.0
"""After which no further query is timed."""
WARM_UP: Final = 20

ALL: Final = "all"
GROWN: Final = "grown.faiss"
VECTORS, ASKED, TRUTH = "vectors.npy", "queries.npy", "truth.npy"
DRAWN: Final = "drawn.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Recall@10, milliseconds of one query at a time, and queries a second, alone and at once."""

    recall: float
    p50_ms: float
    p95_ms: float
    per_second: float
    per_second_at_once: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One kind of index: seconds, mebibytes, and its searches.

    `grown_s` is what it takes to have a thousand more rows in it and to save it, `loaded_s` to load
    it again.
    `memory` is what loading and all searches add to a process; `filtered` are the searches that
    may find a share of the rows only, by that share.
    """

    kind: Kind
    rows: int
    built_s: float
    grown_s: float
    loaded_s: float
    files_mib: float
    memory: Memory
    searched: Searched
    filtered: dict[str, Searched]


def kinds_of(wanted: Sequence[str], rows: int) -> list[Kind]:
    """Flat, and what is wanted or else what so many rows get. Raises GatewaysError."""
    known = {str(kind): kind for kind in get_args(Kind)}
    if unknown := [name for name in wanted if name not in known]:
        raise GatewaysError(f"--kind {unknown[0]}: it may be {', '.join(known)}")
    kinds: list[Kind] = [known[name] for name in wanted] or [kind_for(rows)]
    return list(dict.fromkeys((known["flat"], *kinds)))


def measure(
    rows: int,
    kinds: Sequence[Kind],
    folder: Path,
    settings: Settings,
    progress: Progress,
    seed: int = 0,
) -> list[Figures]:
    """Make up `rows` vectors in `folder`, and measure `flat` and other kinds on them.

    What is in the folder of an earlier, interrupted measurement is not done again. The settings
    say where Milvus is, whose memory is not measured.
    """
    _draw(folder, rows, seed, progress)
    found = []
    with progress("Measuring", 2 * len(kinds) + 1) as done:
        if not (folder / TRUTH).exists():
            _apart(_tell_truth, folder)
        done(1)
        for kind in kinds:
            if not (folder / f"{kind}.json").exists():
                _apart(_make, folder, kind, settings)
            done(1)
            grown = _apart(_grown, folder, kind, settings)
            found.append(replace(_apart(_measured, folder, kind, settings), grown_s=grown))
            done(1)
    return found


def _apart(step: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(step, *given, **named).result()


def _draw(folder: Path, rows: int, seed: int, progress: Progress) -> None:
    if (folder / ASKED).exists():
        if (kept := len(np.load(folder / VECTORS, mmap_mode="r"))) != rows:
            raise GatewaysError(f"{folder}: has {kept:,} vectors; name another, or --rows {kept}")
        if (drawn := json.loads((folder / DRAWN).read_text())["seed"]) != seed:
            raise GatewaysError(f"{folder}: has those of seed {drawn}; name another, or its seed")
        return
    topics = Topics(seed=seed)
    shape = (rows, topics.dimension)
    vectors = np.lib.format.open_memmap(folder / VECTORS, "w+", np.float32, shape)
    at = 0
    with progress("Making up vectors", rows) as done:
        for some in topics.draw(rows):
            vectors[at : at + len(some)] = some
            at += len(some)
            done(len(some))
    vectors.flush()
    (folder / DRAWN).write_text(json.dumps({"seed": seed}))
    np.save(folder / ASKED, np.concatenate(list(topics.draw(QUERIES))))


def _tell_truth(folder: Path) -> None:
    vectors, queries = _read(folder)
    index = make_index(_ids(len(vectors)), vectors, "flat")
    masks = _masks(len(vectors)).values()
    np.save(folder / TRUTH, [index.search(queries, NEIGHBOURS, mask)[0] for mask in masks])


def _make(folder: Path, kind: Kind, settings: Settings) -> None:
    vectors, _ = _read(folder)
    ids = _ids(len(vectors))
    started = time.perf_counter()
    index = make_index(ids, vectors, kind, milvus_of(settings))
    built = time.perf_counter() - started
    kept = index.save(folder / f"{kind}.faiss")
    (folder / f"{kind}.json").write_text(json.dumps({"built_s": built, "ids": kept}))


def _grown(folder: Path, kind: Kind, settings: Settings) -> float:
    vectors, queries = _read(folder)
    milvus = milvus_of(settings)
    index = load_index(folder / f"{kind}.faiss", _ids(len(vectors)), milvus)
    more = np.concatenate([vectors, queries])
    with TemporaryDirectory(dir=folder) as aside:
        started = time.perf_counter()
        brought_up_to(index, _ids(len(more)), more, kind, milvus).save(Path(aside) / GROWN)
        taken = time.perf_counter() - started
        drop_collections(Path(aside), milvus)
    return taken


def _measured(folder: Path, kind: Kind, settings: Settings) -> Figures:
    vectors, queries = _read(folder)
    truth = np.load(folder / TRUTH)
    before = memory()
    made = json.loads((folder / f"{kind}.json").read_text())
    started = time.perf_counter()
    index = load_index(folder / f"{kind}.faiss", made.pop("ids"), milvus_of(settings))
    loaded = time.perf_counter() - started
    masks = _masks(len(vectors))
    searched = {
        name: _timed(index, queries, mask, best)
        for (name, mask), best in zip(masks.items(), truth, strict=True)
    }
    files = (path for path in folder.glob(f"{kind}.*") if path.suffix != ".json")
    return Figures(
        kind=kind,
        rows=len(vectors),
        built_s=made["built_s"],
        grown_s=math.nan,
        loaded_s=loaded,
        files_mib=sum(path.stat().st_size for path in files) / 2**20,
        memory=memory() - before,
        searched=searched.pop(ALL),
        filtered=searched,
    )


def _timed(index: VectorIndex, queries: Matrix, mask: Mask | None, truth: Rows) -> Searched:
    for number in range(WARM_UP):
        index.search(queries[number : number + 1], NEIGHBOURS, mask)
    started = time.perf_counter()
    found, _ = index.search(queries, NEIGHBOURS, mask)
    at_once = time.perf_counter() - started
    taken: list[float] = []
    for number in range(len(queries)):
        started = time.perf_counter()
        index.search(queries[number : number + 1], NEIGHBOURS, mask)
        taken.append(time.perf_counter() - started)
        if sum(taken) > SECONDS:
            break
    right = [np.isin(mine, best).sum() for mine, best in zip(found, truth, strict=True)]
    return Searched(
        recall=float(np.sum(right) / truth.size),
        p50_ms=float(np.percentile(taken, 50)) * 1000,
        p95_ms=float(np.percentile(taken, 95)) * 1000,
        per_second=len(taken) / sum(taken),
        per_second_at_once=len(queries) / at_once,
    )


def _masks(rows: int) -> dict[str, Mask | None]:
    drawn = np.random.default_rng(0).random(rows)
    return {ALL: None} | {f"{share:.0%}": drawn < share for share in SHARES}


def _read(folder: Path) -> tuple[Matrix, Matrix]:
    return np.load(folder / VECTORS, mmap_mode="r"), np.load(folder / ASKED)


def _ids(rows: int) -> list[str]:
    return [f"resource-{row}" for row in range(rows)]
