"""Where a bundle comes to lie: it is made beside, and put in place once it is whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.durable import sync
from data.errors import GatewaysError
from data.output_file import check_folder
from models.bundles.bundle import (
    ADAPTER,
    CARD,
    CONFIDENCE,
    ENCODER,
    LOW_RANK,
    MANIFEST,
    RANKER,
    is_bundle,
)
from training.encoder.contrastive import CHECKPOINT
from training.encoder.training import RUNS

_PARTS: Final = {MANIFEST, CARD, ENCODER, LOW_RANK, ADAPTER, RANKER, CONFIDENCE}


def check_place(out: Path, *, resume: bool) -> None:
    """Raise GatewaysError where no bundle can come, or one that would cost something else.

    Another bundle may be there. An unfinished one is only gone on with if that is asked for.
    """
    there = {one.name for one in out.iterdir()} if out.is_dir() else set()
    if there and not (is_bundle(out) and there <= _PARTS):
        raise GatewaysError(f"{out}: holds something else than a bundle; name another folder")
    aside = _aside(out)
    if _is_begun(aside) and not resume:
        raise GatewaysError(
            f"{out}: a training was ended before its end; `--resume` goes on with it, and where "
            f"{aside} is deleted it begins anew"
        )
    check_folder(out)


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A folder to make a bundle in, with no more in it than the checkpoints of an unfinished one.

    At the end it takes the place of `out`; ended before that, checkpoints are all that stays.
    """
    aside = _aside(out)
    try:
        _clear(aside)
        aside.mkdir(parents=True, exist_ok=True)
        yield aside
        shutil.rmtree(aside / RUNS, ignore_errors=True)
        _put(aside, out.resolve())
    finally:
        _clear(aside)


def _aside(out: Path) -> Path:
    out = out.resolve()
    return out.with_name(f".{out.name}.part")


def _is_begun(aside: Path) -> bool:
    return any((aside / RUNS).glob(f"*/{CHECKPOINT}"))


def _clear(aside: Path) -> None:
    if not _is_begun(aside):
        shutil.rmtree(aside, ignore_errors=True)
        return
    for part in aside.iterdir():
        if part.name != RUNS:
            shutil.rmtree(part) if part.is_dir() else part.unlink()


def _put(aside: Path, out: Path) -> None:
    before = out.with_name(f".{out.name}.before")
    if out.exists():
        out.rename(before)
    aside.rename(out)
    sync(out.parent)
    shutil.rmtree(before, ignore_errors=True)
