"""What an administrator of a learning platform must copy, and which platforms are registered."""

import json

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.lti.configuration import addresses, configuration
from service.parts import Here
from service.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/administration/lti")
async def show_platforms(request: Request, parts: Here) -> Response:
    """Our addresses as a platform asks for them, and the platforms that may launch us."""

    def render() -> Response:
        url = parts.lti.public_url
        return page(
            request,
            "administration/lti.html",
            ours=addresses(url),
            configuration=json.dumps(configuration(url), indent=2, ensure_ascii=False),
            platforms=parts.catalogue.lti_platforms.all(),
            is_encrypted=url.startswith("https:"),
            has_learner_key=parts.settings.learner_key is not None,
        )

    return await run_sync(render)
