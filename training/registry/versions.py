"""One version of a model, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from data.errors import NotFoundError
from models.bundles.bundle import MANIFEST, read_bundle
from models.bundles.named import E5_OAK
from models.bundles.named import SHIPPED as SHIPPED_BUNDLES
from models.bundles.released import CHAMPION, SHIPPED
from models.checksums import checksum

CHALLENGER: Final = "challenger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A registered model and what is known of it.

    `name` is its number, or `SHIPPED`, `bundle` its folder's own name. `dataset` is the fingerprint
    of what it learned from, `code` the program that made it, `reports` maps the fingerprint of a
    dataset to its evaluation on that, the newest last, `run` is MLflow's, `forced` says why it was
    promoted in spite of the gate.
    """

    name: str
    bundle: str
    folder: Path
    base: str
    trained_on: str
    created: str
    digest: str
    aliases: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, Path] = field(default_factory=dict)
    dataset: str = ""
    code: str = ""
    run: str = ""
    forced: str = ""


def newest_shared(before: Version, after: Version) -> tuple[Path, Path]:
    """The newest reports of both on the same data. Raises NotFoundError when they have none."""
    shared = [data for data in after.reports if data in before.reports]
    if not shared:
        raise NotFoundError(
            f"versions {before.name} and {after.name} have no report of the same data, so nothing "
            "says which is better"
        )
    return before.reports[shared[-1]], after.reports[shared[-1]]


def shipped_version(
    run: str = "", reports: Mapping[str, Path] | None = None, *, is_champion: bool = True
) -> Version:
    """What ships with the program, which was never registered; `run` has its `reports`."""
    bundle = read_bundle(SHIPPED_BUNDLES / E5_OAK)
    return Version(
        name=SHIPPED,
        bundle=bundle.folder.name,
        folder=bundle.folder,
        base=bundle.base,
        trained_on=bundle.trained_on,
        created=bundle.created,
        digest=checksum(bundle.folder / MANIFEST),
        aliases=(CHAMPION,) if is_champion else (),
        metrics=bundle.figures,
        parameters={name: str(value) for name, value in bundle.recipe.items()},
        reports=reports or {},
        run=run,
    )
