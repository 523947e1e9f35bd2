"""Cycles and dangling parents: ids in, reasons out. No records and no database."""

from collections.abc import Container, Iterable, Mapping, Sequence

_SHOWN = 8  # ids of a cycle that a message spells out


def refused_outcomes(
    edges: Iterable[tuple[str, str | None]], known: Container[str]
) -> dict[str, str]:
    """Return id → reason for each outcome that cannot stand in its tree.

    `edges` are (id, parent); `known` are ids that stand already. A known id that has no edge
    counts as a root, so give the edges of all outcomes that a cycle might run through.
    """
    parents = dict(edges)
    reasons: dict[str, str] = {}
    settled: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}  # from `start` upwards, with the place of each
        node: str | None = start
        while node in parents and node not in settled and node not in path:
            path[node] = len(path)
            node = parents[node]
        walked = list(path)
        if node in path:
            cycle = walked[path[node] :]
            for place, member in enumerate(cycle):
                reasons[member] = f"its ancestors form a cycle: {_spelled(cycle, place)}"
            walked = walked[: path[node]]
        for child in reversed(walked):
            if reason := _parent_reason(parents[child], parents, known, reasons):
                reasons[child] = reason
        settled.update(path)
    return reasons


def closing_edges(edges: Sequence[tuple[str, str]]) -> dict[int, list[str]]:
    """Return the edges that close a cycle when all are added in their order and those left out.

    The result is index → the ids along the cycle, the first repeated at the end. Method: a
    topological order kept up online, after Pearce & Kelly, "A Dynamic Topological Sort Algorithm
    for Directed Acyclic Graphs", ACM JEA 11 (2007). It starts from a depth-first order of the
    whole graph, so that a graph without cycles takes linear time.
    """
    order = _depth_first_order(edges)
    after: dict[str, list[str]] = {node: [] for node in order}
    before: dict[str, list[str]] = {node: [] for node in order}
    closing: dict[int, list[str]] = {}
    for index, (tail, head) in enumerate(edges):
        if order[tail] >= order[head]:
            lower, upper = order[head], order[tail]
            came_from = _reached(head, after, order, range(lower, upper + 1))
            if tail in came_from:
                closing[index] = [tail, *reversed(_trail(tail, came_from))]
                continue
            behind = _reached(tail, before, order, range(lower, upper + 1))
            _reorder(behind, came_from, order)
        after[tail].append(head)
        before[head].append(tail)
    return closing


def cycle_text(cycle: Sequence[str]) -> str:
    """Spell a cycle, its first id repeated at the end, as «a → b → a»; a long one is cut."""
    return _spelled(cycle[:-1], 0)


def _spelled(ring: Sequence[str], start: int) -> str:
    size = len(ring)
    steps = range(size + 1) if size <= _SHOWN else (*range(_SHOWN - 2), size - 1, size)
    ids = [ring[(start + step) % size] for step in steps]
    if size > _SHOWN:
        ids.insert(_SHOWN - 2, f"({size - _SHOWN + 1:,} more)")
    return " → ".join(ids)


def _parent_reason(
    parent: str | None,
    parents: Mapping[str, str | None],
    known: Container[str],
    reasons: Mapping[str, str],
) -> str | None:
    if parent is None or parent in known:  # a known parent stands, even if its new row is refused
        return None
    if parent not in parents:
        return f'parent "{parent}" is not there'
    return f'its parent "{parent}" was refused' if parent in reasons else None


def _depth_first_order(edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Number the nodes in reverse postorder: topological, but for the edges that close a cycle."""
    after: dict[str, list[str]] = {}
    for tail, head in edges:
        after.setdefault(tail, []).append(head)
        after.setdefault(head, [])
    finished: dict[str, None] = {}
    entered: set[str] = set()
    for root in after:
        stack = [root]
        while stack:
            node = stack[-1]
            if node in entered:
                finished[stack.pop()] = None  # again for a node that was met twice: no matter
            else:
                entered.add(node)
                stack.extend(head for head in after[node] if head not in entered)
    return {node: place for place, node in enumerate(reversed(finished))}


def _reached(
    start: str, neighbours: Mapping[str, list[str]], order: Mapping[str, int], within: range
) -> dict[str, str]:
    """Return what `start` reaches inside a part of the order, each with the node before it."""
    came_from = {start: start}
    stack = [start]
    while stack:
        node = stack.pop()
        for neighbour in neighbours[node]:
            if neighbour not in came_from and order[neighbour] in within:
                came_from[neighbour] = node
                stack.append(neighbour)
    return came_from


def _trail(end: str, came_from: Mapping[str, str]) -> list[str]:
    """Return the way from `end` back to the start of the search."""
    trail = [end]
    while came_from[trail[-1]] != trail[-1]:
        trail.append(came_from[trail[-1]])
    return trail


def _reorder(behind: Iterable[str], ahead: Iterable[str], order: dict[str, int]) -> None:
    """Share out the places of both groups again so that all of `behind` stand before `ahead`."""
    nodes = sorted(behind, key=order.__getitem__) + sorted(ahead, key=order.__getitem__)
    places = sorted(order[node] for node in nodes)
    order.update(zip(nodes, places, strict=True))
