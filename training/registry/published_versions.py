"""The registry's versions → the plain file that pages read."""

from collections.abc import Iterable
from pathlib import Path

from models.bundles.bundle import CARD
from models.bundles.published_versions import PublishedVersion, write_versions
from models.bundles.released import SHIPPED
from training.registry.versions import Version


def publish(registry: Path, versions: Iterable[Version]) -> None:
    """Write down all that is known of the versions. Raises GatewaysError."""
    write_versions(registry, map(_published, versions))


def _published(version: Version) -> PublishedVersion:
    card = version.folder / CARD
    return PublishedVersion(
        name=version.name,
        bundle=version.bundle,
        base=version.base,
        trained_on=version.trained_on,
        created=version.created,
        digest=version.digest,
        folder=None if version.name == SHIPPED else version.folder,
        aliases=version.aliases,
        dataset=version.dataset,
        code=version.code,
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        forced=version.forced,
        metrics={name: value for name, value in version.metrics.items() if "/" not in name},
        parameters=version.parameters,
        reports=version.reports,
    )
