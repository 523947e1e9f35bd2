"""What is registered: the alignment model, and what was learned of learners.

Each is known by its folder, has versions of its own, and one of them serves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from models.bundles.bundle import CARD, MANIFEST, read_bundle
from models.bundles.released import CHAMPION, SHIPPED
from models.checksums import checksum
from models.learner import tracing
from models.learner.model import FILE, read_learner_model
from training.registry.versions import Version, shipped_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a model's folder says of itself; `digest` tells it from every other."""

    digest: str
    base: str
    trained_on: str
    created: str


class Shipped(Protocol):
    """Makes the version that was never registered."""

    def __call__(
        self, run: str = "", reports: Mapping[str, Path] | None = None, *, is_champion: bool = True
    ) -> Version:
        """`run` is MLflow's with its `reports`, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of model: its name in the store, and what its versions' names begin with.

    `described` reads a folder and raises GatewaysError when it is damaged. `figures` are the
    columns of the list and what reports call them; `manifest` and `card` files of a folder.
    """

    name: str
    prefix: str
    figures: Mapping[str, str]
    described: Callable[[Path], Described]
    shipped: Shipped
    manifest: str | None = None
    card: str | None = None


def _bundle(folder: Path) -> Described:
    sound = read_bundle(folder)
    return Described(
        digest=checksum(folder / MANIFEST),
        base=sound.base,
        trained_on=sound.trained_on,
        created=sound.created,
    )


def _learner_model(folder: Path) -> Described:
    file = folder / FILE
    tracer = read_learner_model(file).tracer
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Described(
        digest=checksum(file),
        base=tracer.kind,
        trained_on=f"{tracer.answers:,} answers of {tracer.learners:,} learners",
        created=made.isoformat(timespec="seconds"),
    )


def _unfitted(
    run: str = "", reports: Mapping[str, Path] | None = None, *, is_champion: bool = True
) -> Version:
    """What a new platform starts with."""
    return Version(
        name=SHIPPED,
        bundle="start",
        folder=Path(tracing.__file__).parent,
        base="start",
        trained_on="",
        created="",
        digest="",
        aliases=(CHAMPION,) if is_champion else (),
        reports=reports or {},
        run=run,
    )


ALIGNMENT: Final = Kind(
    name="alignment",
    prefix="",
    figures={"F2": "mean_f2", "R@10": "recall@10", "ECE": "ece"},
    described=_bundle,
    shipped=shipped_version,
    manifest=MANIFEST,
    card=CARD,
)

LEARNER: Final = Kind(
    name="learner",
    prefix="learner/",
    figures={"AUC": "auc", "log loss": "log_loss", "ECE": "ece"},
    described=_learner_model,
    shipped=_unfitted,
)
KINDS: Final = (ALIGNMENT, LEARNER)
