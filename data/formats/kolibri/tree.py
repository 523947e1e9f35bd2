"""A channel as JSON: topics and content within each other, as ricecooker and Studio write it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_DNS, UUID, uuid5

from data.formats.kolibri.nodes import Node
from data.formats.kolibri.words import TOPIC, hexadecimal
from data.formats.protocol import Refusal

_READ: Final = frozenset(
    {"children", "id", "node_id", "content_id", "channel_id", "parent", "parent_id", "kind"}
    | {"kind_id", "title", "name", "description", "language", "lang", "lang_id", "license"}
    | {"license_name", "sort_order", "lft", "rght", "tree_id", "level"}
)


@dataclass(frozen=True, slots=True)
class _Above:
    """What a node takes from those above it."""

    id: str | None = None
    channel: str = ""
    domain: UUID | None = None
    language: Any = None
    license: Any = None


def nodes(value: Any, file: str) -> Iterator[Node | Refusal]:
    """Every node of the channels in a value, from the top down, however deep they go."""
    roots = value if isinstance(value, list) else [value]
    waiting = [(root, _Above()) for root in reversed(roots)]
    place = 0
    while waiting:
        raw, above = waiting.pop()
        place += 1
        if not isinstance(raw, dict):
            yield Refusal(file, place, "this is not an object; a node is written as {…}")
            continue
        node, below = _node(raw, above, place)
        yield node
        waiting += [(child, below) for child in reversed(_children(raw))]


def channels(value: Any) -> list[dict[str, Any]]:
    """The id and the title of every channel."""
    found = []
    for root in value if isinstance(value, list) else [value]:
        if isinstance(root, dict):
            node, _ = _node(root, _Above(), 1)
            title = node.title if isinstance(node.title, str) else ""
            found.append({"id": node.channel, "title": title})
    return found


def is_channel(value: Any) -> bool:
    """Whether a value is such a tree, or a list of them."""
    roots = value if isinstance(value, list) else [value]
    return any(isinstance(root, dict) and "children" in root for root in roots)


def _node(raw: dict[str, Any], above: _Above, place: int) -> tuple[Node, _Above]:
    domain = above.domain
    if above.id is None and isinstance(source := raw.get("source_domain"), str):
        domain = uuid5(NAMESPACE_DNS, source)
    content, own = _ids(raw, above.id, domain)
    channel = above.channel or _text(raw, "channel_id") or own
    below = _Above(
        id=own,
        channel=channel,
        domain=domain,
        language=raw.get("language") or raw.get("lang_id") or raw.get("lang") or above.language,
        license=_licence(raw) or above.license,
    )
    node = Node(
        place=place,
        id=own,
        content=content,
        parent=above.id,
        channel=channel,
        kind=TOPIC if above.id is None else _kind(raw),
        title=raw.get("title") or raw.get("name"),
        description=raw.get("description"),
        language=below.language,
        license=below.license,
        has_content=any(isinstance(one, dict) and _kind(one) != TOPIC for one in _children(raw)),
        extra=_more(raw),
    )
    return node, below


def _ids(raw: dict[str, Any], parent: str | None, domain: UUID | None) -> tuple[str, str]:
    """What the content and its node are called, as Studio would call them if nothing says it."""
    source = _text(raw, "source_id") or _text(raw, "title") or _text(raw, "name")
    content = _text(raw, "content_id")
    own = _text(raw, "node_id") or _text(raw, "id")
    if not content and domain is not None and _text(raw, "source_id"):
        content = uuid5(domain, source).hex
    if not own and parent is None:
        own = uuid5(domain, source).hex if domain else source
    elif not own and content and (above := _uuid(parent)):
        own = uuid5(above, content).hex
    own = own or f"{parent}/{source}"
    return content or own, own


def _more(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in raw.items() if name not in _READ}


def _kind(raw: dict[str, Any]) -> Any:
    kind = raw.get("kind") or raw.get("kind_id")
    if not kind:
        return TOPIC if "children" in raw else None
    return kind.lower() if isinstance(kind, str) else kind


def _children(raw: dict[str, Any]) -> list[Any]:
    children = raw.get("children")
    if isinstance(children, dict):  # as Kolibri's own interface pages them
        children = children.get("results")
    return children if isinstance(children, list) else []


def _licence(raw: dict[str, Any]) -> Any:
    said = raw.get("license_name") or raw.get("license")
    return said.get("license_id") or said.get("license_name") if isinstance(said, dict) else said


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return str(hexadecimal(value)) if isinstance(value, str) else ""


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
