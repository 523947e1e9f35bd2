"""A form that is shown again as it was filled in, with what is wrong beside its field."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from data.errors import FieldError, GatewaysError
from service.http.problems import headers_of, problem_of
from service.web.rendering import page


def form(
    request: Request,
    template: str,
    said: Mapping[str, str],
    error: GatewaysError | None,
    address: str,
    **values: Any,
) -> Response:
    """A page whose form has what was `said`; `address` is where it can be asked for again.

    With an `error` the answer has its status. The template has what it says in `wrong`, under the
    name of its field, or in `trouble` where it is about no one field.
    """
    wrong, trouble = {}, None
    if isinstance(error, FieldError):
        wrong[error.field] = error.reason
    elif error is not None:
        trouble = str(error)
    response = page(
        request,
        template,
        return_to=address,
        said=said,
        wrong=wrong,
        trouble=trouble,
        **values,
    )
    if error is not None:
        response.status_code = problem_of(error, request.scope["path"]).status
        response.headers.update(headers_of(error))
    return response
