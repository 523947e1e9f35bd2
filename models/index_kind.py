"""What so many vectors are searched with; known without loading what searches."""

from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["flat", "hnsw", "ivfpq", "milvus"]
Wanted: TypeAlias = Literal["auto", "flat", "hnsw", "ivfpq", "milvus"]

# So many rows are looked at in a few milliseconds one by one.
FLAT_UP_TO: Final = 50_000
# With more, lists are made in a third of the time, are as quick, and filters cost them less.
GRAPH_UP_TO: Final = 100_000


def kind_for(count: int, wanted: Wanted = "auto") -> Kind:
    """The kind that `count` rows are searched with, unless one is wanted; none need any."""
    if not count:
        return "flat"
    if wanted != "auto":
        return wanted
    if count <= FLAT_UP_TO:
        return "flat"
    return "hnsw" if count <= GRAPH_UP_TO else "ivfpq"
