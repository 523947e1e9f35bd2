"""Resources as search engines and other catalogues read them: JSON-LD of schema.org."""

import json
from dataclasses import replace
from typing import Any, Final

from fastapi import Request
from markupsafe import Markup

from data.catalogue import Catalogue
from data.lrmi_exporter import learning_resources
from data.records import Resource

JSON_LD: Final = "application/ld+json"
_WITHIN_A_PAGE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def described(catalogue: Catalogue, resource: Resource, request: Request) -> dict[str, Any]:
    """A resource as a LearningResource, with addresses of the service that was asked.

    An address of its own that a browser may not safely open is left out.
    """
    if not (resource.url or "").lower().startswith(("https://", "http://")):
        resource = replace(resource, url=None)
    return next(learning_resources(catalogue, [resource], str(request.base_url)))


def within_a_page(node: dict[str, Any]) -> Markup:
    """The same as a script's content, in which no text can end the script or open another.

    The resource's own text is left out, since the page has it already.
    """
    said = {name: value for name, value in node.items() if name != "text"}
    written = json.dumps(said, ensure_ascii=False)
    for mark, escaped in _WITHIN_A_PAGE.items():
        written = written.replace(mark, escaped)
    return Markup(written)  # noqa: S704  (what could be markup was escaped)
