"""What the key of a platform may change: what its own datasets brought, and nothing else."""

from collections.abc import Collection

from fastapi import HTTPException

from service.parts import Parts


def check_resources(parts: Parts, ids: Collection[str]) -> None:
    """Raise HTTPException (403) if one of these resources is not of the asker's platform."""
    if (mine := parts.platform) is None:
        return
    platforms = parts.catalogue.platforms.of_resources(ids)
    for id_ in ids:
        if platforms.get(id_) != mine:
            raise _refusal(f"resource {id_!r}", mine)


def check_dataset(parts: Parts, dataset: str) -> None:
    """Raise HTTPException (403) if the asker may not import into the dataset of this name.

    One that is not there yet will be of their platform.
    """
    mine = parts.platform
    if mine is None or parts.catalogue.datasets.get(dataset) is None:
        return
    if parts.catalogue.platforms.of_datasets().get(dataset) != mine:
        raise _refusal(f"dataset {dataset!r}", mine)


def check_making(parts: Parts) -> None:
    """Raise HTTPException (403) if the asker may make nothing that belongs to no dataset."""
    if (mine := parts.platform) is not None:
        raise HTTPException(
            403,
            f"what is made here is of no platform, and this key is for {mine!r}; import it into a "
            f"dataset of {mine!r} instead",
        )


def check_all(parts: Parts) -> None:
    """Raise HTTPException (403) if the asker's key is for one platform: this concerns all."""
    if (mine := parts.platform) is not None:
        raise HTTPException(
            403,
            f"what holds between curricula concerns every platform, and this key is for {mine!r} "
            "alone; a curator of the whole gateway decides on it",
        )


def _refusal(what: str, mine: str) -> HTTPException:
    return HTTPException(
        403, f"{what} is not of platform {mine!r}, and this key is for that one alone"
    )
