"""Whether a resource's source says that it may be kept where there is no network."""

from typing import Final

from data.records import Resource

DOWNLOADABLE: Final = "downloadable"
"""The field of a source that tells it; what is neither true nor false tells nothing."""


def is_downloadable(resource: Resource) -> bool | None:
    """Whether its source lets it be downloaded; None where that is not said."""
    said = resource.extra.get(DOWNLOADABLE)
    return said if isinstance(said, bool) else None
