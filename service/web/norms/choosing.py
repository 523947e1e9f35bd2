"""Which profile and which platform are asked for: those that ship, and those of the workspace."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from data.workspace import Workspace
from evaluation.conformance.judging import Question, check_platform
from evaluation.conformance.profile import Profile
from evaluation.conformance.profile_file import DEFAULT, open_profile, read_profile, shipped
from evaluation.conformance.wording import in_language
from service.http.problems import InvalidError
from service.norms.facts import facts
from service.parts import Parts
from service.web import wording


class Chosen(BaseModel):
    """Names of a profile and of a platform or dataset; none of these is all of them together."""

    profile: str = DEFAULT
    platform: str = ""


Choice = Annotated[Chosen, Query()]


def profiles(parts: Parts) -> list[str]:
    """The names that may be chosen: what ships, then what lies in the workspace."""
    return [*shipped(), *(name for name in _own(parts) if name not in shipped())]


def platforms(parts: Parts) -> dict[str, str]:
    """What may be chosen to be judged → what it is called: platforms, then datasets."""
    registered = {one.id: one.name for one in parts.catalogue.platforms.all()}
    names = (one.name for one in parts.catalogue.datasets.all())
    return registered | {name: name for name in names if name not in registered}


def question(request: Request, parts: Parts, chosen: Chosen) -> Question:
    """What is to be judged. Raises InvalidError and NotFoundError for what there is not."""
    platform = chosen.platform or None
    check_platform(parts.catalogue, platform)
    return Question(
        profile=_profile(parts, chosen.profile),
        platform=platform,
        facts=facts(parts.settings, request.app.routes, wording.offered()),
    )


def spoken_question(request: Request, parts: Parts, chosen: Chosen) -> Question:
    """The same, with the profile in the reader's language as far as it has texts in it."""
    asked = question(request, parts, chosen)
    return replace(asked, profile=in_language(asked.profile, wording.chosen(request).tag))


def _profile(parts: Parts, name: str) -> Profile:
    if name in shipped():
        return open_profile(name)
    own = _own(parts)
    if name not in own:
        raise InvalidError("?profile", f"{name!r} is none of {', '.join(profiles(parts))}")
    return read_profile(own[name])


def _own(parts: Parts) -> dict[str, Path]:
    folder = Workspace(parts.settings.home).profiles
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}
