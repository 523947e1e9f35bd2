"""What can be done to a list: each a list in, a list out. A resource is on a list but once."""

from dataclasses import replace

from data.errors import GatewaysError
from data.records import ListItem, ResourceList

MOST = 300


def added(kept: ResourceList, resource: str) -> ResourceList:
    """With the resource at the end, unless it is there already. Raises GatewaysError if full."""
    if any(item.resource == resource for item in kept.items):
        return kept
    if len(kept.items) >= MOST:
        raise GatewaysError(f"a list holds at most {MOST} resources; begin another one")
    return replace(kept, items=(*kept.items, ListItem(resource=resource)))


def removed(kept: ResourceList, resource: str) -> ResourceList:
    """Without the resource."""
    return replace(kept, items=tuple(item for item in kept.items if item.resource != resource))


def moved(kept: ResourceList, resource: str, by: int) -> ResourceList:
    """With the resource `by` places further down, or as far as the list goes."""
    items = list(kept.items)
    for place, item in enumerate(kept.items):
        if item.resource == resource:
            items.insert(min(max(place + by, 0), len(items) - 1), items.pop(place))
    return replace(kept, items=tuple(items))


def noted(kept: ResourceList, resource: str, note: str) -> ResourceList:
    """With this note on the resource."""
    items = (replace(item, note=note) if item.resource == resource else item for item in kept.items)
    return replace(kept, items=tuple(items))
