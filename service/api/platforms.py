"""The register of platforms: who offers what here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from data.catalogue.register import Served
from service.api.etags import IfNoneMatch, tagged
from service.api.paging import Cursor, Limit, page_of
from service.api.responses import errors
from service.api.wire import Listed
from service.asking.registering import Health, Registered, register
from service.http.problems import existing
from service.parts import Here

router = APIRouter(prefix="/v1/platforms", tags=["platforms"])
OF_NONE: Final[dict[str, Any]] = {
    **dict.fromkeys(("id", "name", "operator", "url", "license", "contact", "created")),
    "languages": [],
    "note": "",
}
NOT_STATED: Final = ""
"""Stands for the language, kind or licence of resources that state none."""


class Source(BaseModel):
    """A system that resources are harvested from, and how the last harvest ended."""

    name: str
    platform: str | None = Field(description="That all it brings belongs to, if it is of one.")
    health: Health
    time: float | None = Field(description="When that was (Unix seconds).")


class Platform(BaseModel):
    """A country or publisher that shares this gateway, with what it has here."""

    id: str | None = Field(description="null for what is of no platform.", examples=["saltmere"])
    name: str | None
    operator: str | None = Field(description="Who runs it.")
    url: str | None
    license: str | None
    languages: list[str] = Field(description="That it says it speaks.")
    contact: str | None
    note: str
    created: float | None
    datasets: list[str]
    frameworks: int
    resources: int
    aligned: int = Field(description="How many resources teach or assess an outcome.")
    resource_languages: dict[str, int] = Field(description="Resources of each; '' for none stated.")
    updated: float | None = Field(description="Last import or harvest (Unix seconds).")
    sources: list[Source]

    @classmethod
    def of(cls, found: Registered) -> "Platform":
        """A platform as the register has it."""
        holdings = found.holdings
        return cls(
            **(asdict(found.platform) if found.platform else OF_NONE),
            datasets=list(holdings.datasets),
            frameworks=holdings.frameworks,
            resources=holdings.resources,
            aligned=holdings.aligned,
            resource_languages=_named(holdings.languages),
            updated=found.latest,
            sources=[Source.model_validate(one, from_attributes=True) for one in found.sources],
        )


class ServedFramework(BaseModel):
    """A framework, and how many of its outcomes have a resource: any, or one of the platform."""

    framework: str
    is_own: bool = Field(description="Whether the platform brought it.")
    outcomes: int
    served: int
    own: int


class PlatformInFull(Platform):
    """A platform with its frameworks, and its resources by kind and licence."""

    served_frameworks: list[ServedFramework]
    kinds: dict[str, int]
    licenses: dict[str, int]

    @classmethod
    def with_frameworks(cls, found: Registered, served: Sequence[Served]) -> "PlatformInFull":
        """A platform as its own page has it."""
        return cls(
            **Platform.of(found).model_dump(),
            served_frameworks=[
                ServedFramework.model_validate(one, from_attributes=True) for one in served
            ],
            kinds=_named(found.holdings.kinds),
            licenses=_named(found.holdings.licenses),
        )


class PlatformList(Listed[Platform]):
    """A page of platforms."""


@router.get("", response_model=PlatformList, responses=errors(422))
def list_platforms(
    parts: Here, if_none_match: IfNoneMatch = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """All platforms, by id; the first one, whose id is null, is what is of none, if anything is."""
    page, following = page_of(register(parts.catalogue), _key, cursor, limit)
    items = [Platform.of(found) for found in page]
    return tagged(PlatformList(items=items, next=following), if_none_match)


@router.get("/{platform_id}", response_model=PlatformInFull, responses=errors(404))
def read_platform(platform_id: str, parts: Here, if_none_match: IfNoneMatch = None) -> Response:
    """One platform, with its frameworks, kinds and licences."""
    there = {_key(one): one for one in register(parts.catalogue)}
    found = existing(there.get(f"/{platform_id}"), "platform", platform_id)
    served = parts.catalogue.register.served(platform_id)
    return tagged(PlatformInFull.with_frameworks(found, served), if_none_match)


def _key(found: Registered) -> str:
    return f"/{found.platform.id}" if found.platform else " "


def _named(counts: Mapping[str | None, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in counts.items():
        found[name or NOT_STATED] += count
    return dict(found)
