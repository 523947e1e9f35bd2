"""The versions of the model and their reports as one plain file beside the registry.

Training writes it after every change, so that whoever only reads needs no registry.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol, TypeVar

from data.durable import replace_text
from data.errors import GatewaysError, NotFoundError
from models.bundles.bundle import CARD, read_bundle
from models.bundles.named import E5_OAK
from models.bundles.named import SHIPPED as SHIPPED_BUNDLES
from models.bundles.released import CHAMPION, SHIPPED

FILE: Final = "versions.json"
FORMAT: Final = 1


class Named(Protocol):
    """What goes by a number, by aliases, and by its bundle's own name."""

    @property
    def name(self) -> str:
        """Its number, or `shipped`."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Such as `champion`."""

    @property
    def bundle(self) -> str:
        """Its folder's own name."""


V = TypeVar("V", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """What is known of one version of the model without its weights.

    `folder` is where its bundle is kept; of one that was written down before that was, it is not
    known. `dataset` is the fingerprint of what it learned from, `reports` maps the fingerprint of a
    dataset to its evaluation on that, the newest last; `forced` says why it was promoted in spite
    of the gate. `metrics` are over all resources, without those of slices.
    """

    name: str
    bundle: str
    base: str
    trained_on: str
    created: str
    digest: str
    folder: Path | None = None
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

    Paths are kept from the registry's folder on, since a workspace may be moved.
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


def named(name: str, versions: Sequence[V]) -> V:
    """The version of this name, alias or, of the newest that has it, bundle.

    `versions` come newest first. Raises NotFoundError that lists them.
    """
    for version in versions:
        if name == version.name or name in version.aliases:
            return version
    for version in versions:
        if name == version.bundle:
            return version
    raise NotFoundError(
        f"model {name!r}: no version, alias or bundle is called so; there are {told(versions)}"
    )


def told(versions: Iterable[Named]) -> str:
    """The versions in a line, each with its aliases and its bundle's name."""
    return ", ".join(
        f"{each.name} ({', '.join([*each.aliases, each.bundle])})" for each in versions
    )


def _stated(version: PublishedVersion, registry: Path) -> dict[str, object]:
    def below(path: Path) -> str:
        return path.resolve().relative_to(registry.resolve()).as_posix()

    return {
        **asdict(replace(version, reports={}, folder=None)),
        "folder": version.folder and below(version.folder),
        "reports": {data: below(path) for data, path in version.reports.items()},
    }


def _version(stated: Mapping[str, object], registry: Path) -> PublishedVersion:
    found = PublishedVersion(**stated)  # type: ignore[arg-type]  # a damaged file fails here
    return replace(
        found,
        folder=found.folder and registry / found.folder,
        aliases=tuple(found.aliases),
        reports={data: registry / path for data, path in found.reports.items()},
    )


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
        aliases=(CHAMPION,),
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        metrics=bundle.figures,
        parameters={name: str(value) for name, value in bundle.recipe.items()},
    )
