"""Whose learner's pages a key opens: that of a learner those of one, and of a platform none."""

from collections.abc import Iterable
from typing import Protocol

from fastapi import HTTPException

from service.access.keyring import Holder


class Asker(Protocol):
    """Who asks, if they came with a key."""

    @property
    def holder(self) -> Holder | None:
        """Whoever has the key."""
        ...


def check_learners(asker: Asker, names: Iterable[str]) -> None:
    """Raise HTTPException (403) if one of these pseudonyms is not for the asker."""
    if not _sees_everyone(asker) and any(name != own_learner(asker) for name in names):
        raise HTTPException(
            403, "this key does not open what is kept of that learner; ask an administrator"
        )


def check_everyone(asker: Asker) -> None:
    """Raise HTTPException (403) unless the asker may see every learner."""
    if not _sees_everyone(asker):
        raise HTTPException(403, "this key does not open what is kept of every learner")


def own_learner(asker: Asker) -> str | None:
    """The one learner that the asker's key is for, if it is for one."""
    return asker.holder.learner if asker.holder and not _sees_everyone(asker) else None


def _sees_everyone(asker: Asker) -> bool:
    return asker.holder is None or asker.holder.sees_everyone
