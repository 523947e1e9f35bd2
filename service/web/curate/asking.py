"""What a curator wants of the queue, as addresses and forms say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from data.catalogue.queued import QueueFilter, QueueOrder
from service.http.problems import InvalidError
from service.web.rendering import query

FILTERS = ("framework", "subject", "dataset", "language")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order and a filter; `second` asks for what others decided on, to be decided anew."""

    order: QueueOrder = QueueOrder.TEACHES
    only: QueueFilter = field(default_factory=QueueFilter)
    second: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """The same as fields of a form, without what is as it is by default."""
        said = {name: getattr(self.only, name) for name in FILTERS}
        order = "" if self.order is QueueOrder.TEACHES else self.order.value
        named = {**said, "order": order, "second": "1" if self.second else ""}
        return {name: value for name, value in named.items() if value}

    def resource(self, resource: str, **more: object) -> str:
        """The address of a resource's page in this queue."""
        return f"/curate/resources/{quote(resource, safe='')}{query(**self.fields, **more)}"

    def following(self, resource: str) -> str:
        """The address of what comes after a resource, to be shown while a decision is kept."""
        return f"/curate/following{query(**self.fields, after=resource)}"

    def next(self, **more: object) -> str:
        """The address that leads to the next resource."""
        return f"/curate/next{query(**self.fields, **more)}"


def wanted(said: Mapping[str, Any], platform: str | None = None) -> Wanted:
    """What a query or a form asks for, of a platform or of all.

    Raises InvalidError for an order that there is not.
    """
    texts = {name: value for name, value in said.items() if isinstance(value, str) and value}
    try:
        order = QueueOrder(texts.get("order", QueueOrder.TEACHES.value))
    except ValueError:
        there = ", ".join(QueueOrder)
        raise InvalidError("?order", f"{texts['order']!r} is none of {there}") from None
    only = QueueFilter(**{name: texts.get(name) for name in FILTERS}, platform=platform)
    return Wanted(order, only, "second" in texts)
