"""Nodes of a Kolibri channel → outcomes, resources, and which resource stands below which topic."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from data.formats.kolibri.words import TOPIC, language
from data.formats.lines import Object
from data.formats.protocol import Refusal
from data.formats.rows import FIELDS
from data.records import Alignment, Outcome, Record, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A topic or a piece of content; `place` counts the nodes in the order of the tree.

    What is in several places of a channel has the same `content` in each. `has_content` tells of a
    topic whether content stands right below it. Texts are as they were read, unchecked.
    """

    place: int
    id: str
    content: str
    parent: str | None
    channel: str
    kind: Any
    title: Any
    description: Any = None
    language: Any = None
    license: Any = None
    has_content: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


Nodes: TypeAlias = Iterable[Node | Refusal]


def outcomes(nodes: Nodes) -> Iterator[Object | Refusal]:
    """Topics, in the order of the tree."""
    for node in nodes:
        if isinstance(node, Refusal):
            yield node
        elif node.kind == TOPIC:
            raw = _said(node, Outcome)
            raw |= {"framework": node.channel, "parent": node.parent, "position": node.place}
            yield node.place, raw | {"assignable": node.has_content}


def resources(nodes: Nodes) -> Iterator[Object | Refusal]:
    """Content, each once, with the node and channel in which it stands first."""
    seen: set[str] = set()
    for node in nodes:
        if isinstance(node, Refusal):
            yield node
        elif node.kind != TOPIC and node.content not in seen:
            seen.add(node.content)
            raw = _said(node, Resource) | {"id": node.content, "kind": node.kind}
            raw |= {"node_id": node.id, "channel_id": node.channel}
            yield node.place, raw | ({"license": node.license} if node.license else {})


def alignments(nodes: Nodes) -> Iterator[Object | Refusal]:
    """Content with the topic right above it."""
    seen: set[tuple[str, str]] = set()
    for node in nodes:
        if isinstance(node, Refusal):
            yield node
        elif node.kind != TOPIC and node.parent and (node.content, node.parent) not in seen:
            seen.add((node.content, node.parent))
            yield node.place, {"resource": node.content, "outcome": node.parent}


READERS: Final[Mapping[type[Record], Callable[[Nodes], Iterator[Object | Refusal]]]] = {
    Outcome: outcomes,
    Resource: resources,
    Alignment: alignments,
}


def _said(node: Node, kind: type[Record]) -> dict[str, Any]:
    raw = {
        f"kolibri_{name}" if name in FIELDS[kind] else name: item
        for name, item in node.extra.items()
        if item is not None and item != ""
    }
    raw |= {"id": node.id, "title": node.title, "description": node.description}
    return raw | {"language": language(node.language)}
