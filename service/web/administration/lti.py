"""What an administrator of a learning platform must copy, and the platforms that may launch us."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue.lti import LtiPlatform
from data.errors import FieldError, GatewaysError
from data.formats.fields import ID_LIMIT
from data.json_text import parsed
from service.http.problems import existing
from service.lti.configuration import addresses, configuration
from service.lti.registering import frames_of, platform_of
from service.parts import Here, Parts
from service.web.administration.forms import form
from service.web.forms import trimmed_texts

router = APIRouter(include_in_schema=False)
HERE: Final = "/administration/lti"
TEXTS: Final = ("issuer", "client_id", "authorisation_url", "token_url", "jwks_url")


@router.get(HERE)
async def show_platforms(request: Request, parts: Here) -> Response:
    """Our addresses as a platform asks for them, the platforms, and a form for a new one."""
    return await run_sync(_all, request, parts, {})


@router.post(HERE)
async def register_platform(request: Request, parts: Here) -> Response:
    """Register a platform; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)

    def register() -> None:
        parts.catalogue.lti_platforms.add(_platform(sent.get("name", ""), sent), parts.key)

    try:
        await run_sync(register)
    except GatewaysError as error:
        return await run_sync(_all, request, parts, sent, error)
    return RedirectResponse(f"{HERE}#registered", 303)


@router.get(f"{HERE}/{{name:path}}")
async def show_platform(request: Request, parts: Here, name: str) -> Response:
    """The form of a platform that is registered."""

    def render() -> Response:
        platform = _existing(parts, name)
        return _one(request, platform, _said(platform))

    return await run_sync(render)


@router.post(f"{HERE}/{{name:path}}/change")
async def change_platform(request: Request, parts: Here, name: str) -> Response:
    """Put what was sent in place of it; what is wrong is told beside its field."""
    sent = await trimmed_texts(request)
    platform = await run_sync(_existing, parts, name)

    def change() -> None:
        changed = replace(_platform(name, sent), created=platform.created)
        parts.catalogue.lti_platforms.change(changed, parts.key)

    try:
        await run_sync(change)
    except GatewaysError as error:
        return await run_sync(_one, request, platform, sent, error)
    return RedirectResponse(f"{HERE}#registered", 303)


@router.post(f"{HERE}/{{name:path}}/remove")
async def remove_platform(parts: Here, name: str) -> Response:
    """Forget a platform; the pages that it opened end."""
    await run_sync(parts.catalogue.lti_platforms.remove, name, parts.key)
    return RedirectResponse(f"{HERE}#registered", 303)


def _all(
    request: Request, parts: Parts, said: Mapping[str, str], error: GatewaysError | None = None
) -> Response:
    url = parts.lti.public_url
    return form(
        request,
        "administration/lti.html",
        said,
        error,
        HERE,
        ours=addresses(url),
        configuration=json.dumps(configuration(url), indent=2, ensure_ascii=False),
        platforms=parts.catalogue.lti_platforms.all(),
        is_encrypted=url.startswith("https:"),
        has_learner_key=parts.settings.learner_key is not None,
        longest=ID_LIMIT,
    )


def _one(
    request: Request,
    platform: LtiPlatform,
    said: Mapping[str, str],
    error: GatewaysError | None = None,
) -> Response:
    return form(
        request,
        "administration/lti_platform.html",
        said,
        error,
        f"{HERE}/{quote(platform.name)}",
        platform=platform,
        longest=ID_LIMIT,
    )


def _platform(name: str, sent: Mapping[str, str]) -> LtiPlatform:
    """The platform that a form makes. Raises FieldError."""
    texts = {field: sent.get(field, "") for field in TEXTS}
    deployments, frames = (
        [line.strip() for line in sent.get(field, "").splitlines() if line.strip()]
        for field in ("deployments", "frames")
    )
    return platform_of(name, texts, deployments, _keys(sent.get("jwks", "")), frames)


def _keys(text: str) -> Any:
    try:
        return parsed(text) if text else None
    except ValueError:
        raise FieldError("jwks", "is not JSON") from None


def _said(platform: LtiPlatform) -> dict[str, str]:
    """A platform as its form has it."""
    return {field: getattr(platform, field) or "" for field in TEXTS} | {
        "deployments": "\n".join(platform.deployments),
        "frames": "\n".join(frames_of(platform)),
        "jwks": json.dumps(platform.jwks, indent=2) if platform.jwks else "",
    }


def _existing(parts: Parts, name: str) -> LtiPlatform:
    return existing(parts.catalogue.lti_platforms.get(name), "learning platform", name)
