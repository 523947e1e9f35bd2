"""What the key of a platform may change: what its own datasets brought, and nothing else."""

from collections.abc import Collection
from typing import Protocol

from fastapi import HTTPException

from data.catalogue import Catalogue


class Asker(Protocol):
    """Who asks for a change, and of what."""

    @property
    def catalogue(self) -> Catalogue:
        """What would be changed."""
        ...

    @property
    def platform(self) -> str | None:
        """The platform that the asker's key is for; None if it is for all."""
        ...


def check_resources(asker: Asker, ids: Collection[str]) -> None:
    """Raise HTTPException (403) if one of these resources is not of the asker's platform."""
    if (mine := asker.platform) is None:
        return
    platforms = asker.catalogue.platforms.of_resources(ids)
    for id_ in ids:
        if platforms.get(id_) != mine:
            raise _refusal(f"resource {id_!r}", mine)


def check_dataset(asker: Asker, dataset: str) -> None:
    """Raise HTTPException (403) if the asker may not import into the dataset of this name.

    One that is not there yet will be of their platform.
    """
    mine = asker.platform
    if mine is None or asker.catalogue.datasets.get(dataset) is None:
        return
    if asker.catalogue.platforms.of_datasets().get(dataset) != mine:
        raise _refusal(f"dataset {dataset!r}", mine)


def check_making(asker: Asker) -> None:
    """Raise HTTPException (403) if the asker may make nothing that belongs to no dataset."""
    if (mine := asker.platform) is not None:
        raise HTTPException(
            403,
            f"what is made here is of no platform, and this key is for {mine!r}; import it into a "
            f"dataset of {mine!r} instead",
        )


def check_all(asker: Asker) -> None:
    """Raise HTTPException (403) if the asker's key is for one platform: this concerns all."""
    if (mine := asker.platform) is not None:
        raise HTTPException(
            403,
            f"what holds between curricula concerns every platform, and this key is for {mine!r} "
            "alone; a curator of the whole gateway decides on it",
        )


def _refusal(what: str, mine: str) -> HTTPException:
    return HTTPException(
        403, f"{what} is not of platform {mine!r}, and this key is for that one alone"
    )
