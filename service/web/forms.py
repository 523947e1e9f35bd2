"""What a form sent, as texts; files are left out."""

from fastapi import Request
from starlette.datastructures import FormData


async def texts(request: Request) -> dict[str, str]:
    """Every text of the form; of a name that came several times, the last."""
    sent = await request.form()
    return {name: value for name, value in sent.items() if isinstance(value, str)}


async def trimmed_texts(request: Request) -> dict[str, str]:
    """The same without spaces at either end."""
    return {name: value.strip() for name, value in (await texts(request)).items()}


def text_in(sent: FormData, name: str) -> str:
    """One text with plain line ends, "" if it was not sent."""
    value = sent.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""
