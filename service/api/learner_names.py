"""The learner in a path → their pseudonym, who is for whoever asks."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends

from service.access.own_learners import check_learners, own_learner
from service.api.wire import Id
from service.parts import Here, Parts


def _named(learner: Id, parts: Here) -> str:
    return _checked(learner, parts, parts.learning.name)


def _named_on_page(learner: Id, parts: Here) -> str:
    return _checked(learner, parts, parts.learning.name_on_page)


def _checked(learner: str, parts: Parts, name_of: Callable[[str], str]) -> str:
    # Whoever was led here by their own page came with the pseudonym itself.
    if learner == own_learner(parts):
        return learner
    name = name_of(learner)
    check_learners(parts, [name])
    return name


Name = Annotated[str, Depends(_named)]
"""In the path of the API, where a learner goes by their own name."""

NameOnPage = Annotated[str, Depends(_named_on_page)]
"""In the path of a page, where links have the pseudonym."""
