"""The versions of the model and their reports as one plain file beside the registry.

Training writes it after every change, so that whoever only reads needs no registry.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from data.durable import replace_text
from data.errors import GatewaysError
from models.bundles.bundle import CARD, read_bundle
from models.bundles.named import E5_OAK
from models.bundles.named import SHIPPED as SHIPPED_BUNDLES
from models.bundles.released import SHIPPED

FILE: Final = "versions.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """What is known of one version of the model without its weights.

    `dataset` is the fingerprint of what it learned from, `reports` maps the fingerprint of a
    dataset to its evaluation on that, the newest last; `forced` says why it was promoted in spite
    of the gate. `metrics` are over all resources, without those of slices.
    """

    name: str
    bundle: str
    base: str
    trained_on: str
    created: str
    digest: str
    aliases: tuple[str, ...] = ()
    dataset: str = ""
    code: str = ""
    card: str = ""
    forced: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, Path] = field(default_factory=dict)


def write_versions(registry: Path, versions: Iterable[PublishedVersion]) -> None:
    """Put the versions, newest first, in place of those written before. Raises GatewaysError.

    Paths of reports are kept from the registry's folder on, since a workspace may be moved.
    """
    stated = {"format": FORMAT, "versions": [_stated(each, registry) for each in versions]}
    try:
        replace_text(registry / FILE, json.dumps(stated, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise GatewaysError(f"{registry / FILE}: cannot be written ({error.strerror})") from None


def read_versions(registry: Path) -> list[PublishedVersion]:
    """Every version, the newest first and at the end what ships. Raises GatewaysError."""
    file = registry / FILE
    try:
        stated = json.loads(file.read_text(encoding="utf-8"))
        if stated["format"] != FORMAT:
            raise GatewaysError(
                f"{file}: has format {stated['format']}, this version reads {FORMAT}; "
                "`gateways models list` writes it anew"
            )
        return [_version(each, registry) for each in stated["versions"]]
    except FileNotFoundError:
        return [_shipped()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewaysError(
            f"{file}: is damaged ({error}); remove it, and `gateways models list` writes it anew"
        ) from None


def _stated(version: PublishedVersion, registry: Path) -> dict[str, object]:
    reports = {
        data: path.resolve().relative_to(registry.resolve()).as_posix()
        for data, path in version.reports.items()
    }
    return {**asdict(replace(version, reports={})), "reports": reports}


def _version(stated: Mapping[str, object], registry: Path) -> PublishedVersion:
    found = PublishedVersion(**stated)  # type: ignore[arg-type]  # a damaged file fails here
    reports = {data: registry / path for data, path in found.reports.items()}
    return replace(found, aliases=tuple(found.aliases), reports=reports)


def _shipped() -> PublishedVersion:
    """What ships, where nothing was registered yet."""
    bundle = read_bundle(SHIPPED_BUNDLES / E5_OAK)
    card = bundle.folder / CARD
    return PublishedVersion(
        name=SHIPPED,
        bundle=bundle.folder.name,
        base=bundle.base,
        trained_on=bundle.trained_on,
        created=bundle.created,
        digest="",
        aliases=("champion",),
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        metrics=bundle.figures,
        parameters={name: str(value) for name, value in bundle.recipe.items()},
    )
