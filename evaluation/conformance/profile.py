"""A profile: rules for resources, for a platform and for people to judge, as a file states them."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from data.records import Resource
from evaluation.conformance import checks
from evaluation.conformance.checks.base import PlatformCheck, ResourceCheck
from evaluation.conformance.checks.platform import ShareOf
from evaluation.conformance.fields import words

_SEMANTIC_VERSION: Final = r"^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$"
_ID: Final = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"
_LISTED: Final = Field((), strict=False)


class Scope(StrEnum):
    """Whom a rule is for: each resource, all of them together, or a person who judges."""

    RESOURCE = "resource"
    PLATFORM = "platform"
    PERSON = "person"


class Severity(StrEnum):
    """Whether a platform conforms without."""

    MUST = "must"
    SHOULD = "should"


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Group(_Stated):
    """What several rules serve, such as a principle."""

    id: Annotated[str, Field(pattern=_ID)]
    title: Annotated[str, Field(min_length=1)]
    about: str = ""


class Rule(_Stated):
    """One thing that is wanted, why, how to mend its lack, and what a machine checks of it."""

    id: Annotated[str, Field(pattern=_ID)]
    group: str
    title: Annotated[str, Field(min_length=1)]
    why: str = ""
    mend: str = ""
    scope: Annotated[Scope, Field(strict=False)] = Scope.RESOURCE
    severity: Annotated[Severity, Field(strict=False)] = Severity.SHOULD
    check: ResourceCheck | PlatformCheck | None = None
    applies_to: Mapping[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default_factory=dict
    )

    @field_validator("check", mode="plain")
    @classmethod
    def _named(cls, said: object) -> ResourceCheck | PlatformCheck:
        parameters = dict(said) if isinstance(said, dict) else {}
        name = parameters.pop("name", None)
        if not isinstance(name, str):  # pydantic passes on no TypeError
            raise ValueError('write it as { name = "…", … }')  # noqa: TRY004
        known: dict[str, type[ResourceCheck] | type[PlatformCheck]]
        known = {**checks.RESOURCE, **checks.PLATFORM}
        if name not in known:
            raise ValueError(f"there is no check {name!r}; there are {', '.join(sorted(known))}")
        try:
            return known[name].model_validate(parameters)
        except ValidationError as error:
            raise ValueError(f"{name}: {told(error)}") from None

    @model_validator(mode="after")
    def _fits(self) -> "Rule":
        wanted = {Scope.RESOURCE: ResourceCheck, Scope.PLATFORM: PlatformCheck}.get(self.scope)
        if wanted is None and (self.check is not None or self.applies_to):
            raise ValueError("what a person judges has neither a check nor applies_to")
        if wanted is not None and not isinstance(self.check, wanted):
            named = checks.RESOURCE if self.scope is Scope.RESOURCE else checks.PLATFORM
            raise ValueError(
                f"a rule of the scope {self.scope} takes one of the checks {', '.join(named)}"
            )
        if self.applies_to and self.scope is not Scope.RESOURCE:
            raise ValueError("applies_to is for rules of the scope resource")
        return self

    def applies(self, resource: Resource) -> bool:
        """Whether the resource states one of the wanted values under each name, in any case."""
        return all(
            {one.casefold() for one in wanted} & {one.casefold() for one in words(resource, name)}
            for name, wanted in self.applies_to.items()
        )


class GroupWords(_Stated):
    """The texts of a group in another language; what is empty is read in the profile's own."""

    title: str = ""
    about: str = ""


class RuleWords(_Stated):
    """The same of a rule."""

    title: str = ""
    why: str = ""
    mend: str = ""


class Translation(_Stated):
    """A profile's texts in another language, by the ids of groups and rules."""

    title: str = ""
    about: str = ""
    groups: Mapping[str, GroupWords] = Field(default_factory=dict)
    rules: Mapping[str, RuleWords] = Field(default_factory=dict)


class Profile(_Stated):
    """Rules in their groups, under a name and a version of their own.

    `translations` has its texts by the tags of other languages.
    """

    format: int
    id: Annotated[str, Field(pattern=_ID)]
    version: Annotated[str, Field(pattern=_SEMANTIC_VERSION)]
    title: Annotated[str, Field(min_length=1)]
    about: str = ""
    language: str = "en"
    licence: Annotated[str, Field(min_length=1)]
    groups: tuple[Group, ...] = _LISTED
    rules: Annotated[tuple[Rule, ...], Field(strict=False, min_length=1)]
    translations: Mapping[str, Translation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hangs_together(self) -> "Profile":
        for kind, ids in (
            ("rule", [one.id for one in self.rules]),
            ("group", [one.id for one in self.groups]),
        ):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"more than one {kind} has the id {', '.join(twice)}")
        groups = {one.id for one in self.groups}
        of_resources = {one.id for one in self.rules if one.scope is Scope.RESOURCE}
        for rule in self.rules:
            if rule.group not in groups:
                raise ValueError(f"rule {rule.id}: there is no group {rule.group!r}")
            if isinstance(rule.check, ShareOf) and rule.check.rule not in of_resources:
                raise ValueError(
                    f"rule {rule.id}: there is no rule {rule.check.rule!r} for resources"
                )
        self._check_translations(groups, {one.id for one in self.rules})
        return self

    def _check_translations(self, groups: set[str], rules: set[str]) -> None:
        for tag, said in self.translations.items():
            for kind, named, there in (("group", said.groups, groups), ("rule", said.rules, rules)):
                if unknown := sorted(named.keys() - there):
                    raise ValueError(f"translations.{tag}: there is no {kind} {unknown[0]!r}")

    def of(self, scope: Scope) -> tuple[Rule, ...]:
        """The rules of a scope, in their order."""
        return tuple(one for one in self.rules if one.scope is scope)


def told(error: ValidationError) -> str:
    """All that is wrong, by its place, in one line."""
    return "; ".join(
        f"{place}: {reason}" if place else reason
        for place, reason in (
            (".".join(map(str, one["loc"])), re.sub(r"^Value error, ", "", one["msg"]))
            for one in error.errors()
        )
    )


def check_name(check: Any) -> str:
    """The name that profiles call a check by."""
    known = {**checks.RESOURCE, **checks.PLATFORM}
    return next(name for name, kind in known.items() if type(check) is kind)
