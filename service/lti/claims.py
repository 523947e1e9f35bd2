"""What a platform says at a launch, as far as it is read: no name, no address, no picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from service.lti.refusals import LaunchError, Reason

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
VERSION: Final = "1.3.0"
_MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"
# Of a course: its teachers and their assistants, who makes its content, who manages it.
_TEACHING: Final = frozenset({"Instructor", "ContentDeveloper", "Manager", "Administrator"})
_INSTITUTION: Final = frozenset({"Instructor", "Faculty", "Staff", "Administrator", "SysAdmin"})
LONGEST_SUBJECT: Final = 255
LONGEST_TAG: Final = 35


class Message(StrEnum):
    """The kinds of message that are answered."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a platform asks to be chosen, and where the answer goes; `data` goes back as it is."""

    return_url: str
    types: tuple[str, ...]
    is_multiple: bool
    data: str | None
    deployment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A launch in our words; `subject` is None where the platform does not say who it is.

    `language` is that of the platform's own pages, "" if it does not say.
    """

    message: Message
    subject: str | None
    is_teacher: bool
    target: str
    custom: Mapping[str, str]
    language: str
    asked: Asked | None


def launch_of(claims: Mapping[str, Any]) -> Launch:
    """What checked claims say. Raises LaunchError if they lack what is needed."""
    try:
        message = Message(str(claims.get(f"{LTI}message_type")))
    except ValueError:
        raise LaunchError(Reason.MESSAGE) from None
    subject = claims.get("sub") or None
    if subject is not None and len(str(subject)) > LONGEST_SUBJECT:
        raise LaunchError(Reason.INCOMPLETE)
    custom = claims.get(f"{LTI}custom")
    target = claims.get(f"{LTI}target_link_uri")
    return Launch(
        message=message,
        subject=None if subject is None else str(subject),
        is_teacher=_is_teacher(claims.get(f"{LTI}roles")),
        target=target if isinstance(target, str) else "",
        custom=dict(_texts(custom)) if isinstance(custom, Mapping) else {},
        language=_language(claims.get(f"{LTI}launch_presentation")),
        asked=_asked(claims) if message is Message.DEEP_LINKING else None,
    )


def _texts(given: Mapping[Any, Any]) -> Iterable[tuple[str, str]]:
    return ((str(name), value) for name, value in given.items() if isinstance(value, str))


def _language(presentation: Any) -> str:
    found = presentation.get("locale") if isinstance(presentation, Mapping) else None
    return found if isinstance(found, str) and len(found) <= LONGEST_TAG else ""


def _is_teacher(roles: Any) -> bool:
    """By the roles in the course; where there are none, by those in the institution."""
    given = [one for one in roles if isinstance(one, str)] if isinstance(roles, list) else []
    # A role is an address; in a course also a bare word, and `…/Instructor#Grader` is a part of it.
    in_course = [one for one in given if one.startswith(_MEMBERSHIP) or "#" not in one]
    if in_course:
        return any(_main(one) in _TEACHING for one in in_course)
    return any(one.rpartition("#")[2] in _INSTITUTION for one in given)


def _main(role: str) -> str:
    """`Instructor` of `…membership#Instructor`, `…membership/Instructor#Grader`, `Instructor`."""
    rest = role.removeprefix(_MEMBERSHIP)
    return rest[1:].partition("#")[0] if rest != role else role


def _asked(claims: Mapping[str, Any]) -> Asked:
    found = claims.get(f"{DEEP_LINKING}deep_linking_settings")
    given: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    url, types, data = (
        given.get(name) for name in ("deep_link_return_url", "accept_types", "data")
    )
    if not (isinstance(url, str) and url.lower().startswith(("https://", "http://"))):
        raise LaunchError(Reason.INCOMPLETE)
    if not isinstance(types, list):
        raise LaunchError(Reason.INCOMPLETE)
    return Asked(
        return_url=url,
        types=tuple(str(one) for one in types),
        is_multiple=given.get("accept_multiple") in (True, "true"),
        data=data if isinstance(data, str) else None,
        deployment=str(claims[f"{LTI}deployment_id"]),
    )
