"""Whose learner's pages a key opens: that of a learner those of one, and of most learners none."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, HTTPException

from service.api.wire import Id
from service.parts import Here, Parts


def check_learners(parts: Parts, names: Iterable[str]) -> None:
    """Raise HTTPException (403) if one of these pseudonyms is not for the asker."""
    if not sees_everyone(parts) and any(name != own_learner(parts) for name in names):
        raise HTTPException(
            403, "this key does not open what is kept of that learner; ask an administrator"
        )


def check_everyone(parts: Parts) -> None:
    """Raise HTTPException (403) unless the asker may see every learner."""
    if not sees_everyone(parts):
        raise HTTPException(403, "this key does not open what is kept of every learner")


def sees_everyone(parts: Parts) -> bool:
    """Whether the asker may see every learner."""
    return parts.holder is None or parts.holder.sees_everyone


def own_learner(parts: Parts) -> str | None:
    """The one learner that the asker's key is for, if it is for one."""
    return parts.holder.learner if parts.holder and not sees_everyone(parts) else None


def _named(learner: Id, parts: Here) -> str:
    name = parts.learning.name(learner)
    # Who was led here by a link to their own page came with the pseudonym itself.
    if learner != own_learner(parts):
        check_learners(parts, [name])
        return name
    return learner


def _named_on_page(learner: Id, parts: Here) -> str:
    if learner == own_learner(parts):
        return learner
    name = parts.learning.name_on_page(learner)
    check_learners(parts, [name])
    return name


Name = Annotated[str, Depends(_named)]
"""The pseudonym of the learner in the path of the API, who is for the asker."""

NameOnPage = Annotated[str, Depends(_named_on_page)]
"""The same in the path of a page, which may have the pseudonym itself."""
