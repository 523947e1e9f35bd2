"""The `bench index` command."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evaluation.index.measuring import Figures


def index(
    context: typer.Context,
    rows: Annotated[int, typer.Option(min=1_000, help="How many vectors are made up.")] = 1_000_000,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Besides flat: hnsw, ivfpq, milvus; by default what so many get."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Keep what is made here, to go on from it later."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another gives other vectors.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Also write the figures here.")
    ] = None,
) -> None:
    """Search made-up vectors with each kind of index: recall, time and memory beside flat."""
    from data.output_file import check_place, write_text
    from data.progress import progress_bar
    from evaluation.index.measuring import kinds_of, measure
    from models.index import drop_collections, milvus_of

    check_place(json_file)
    kinds = kinds_of(kind or (), rows)
    with nullcontext(folder) if folder else TemporaryDirectory() as place:
        Path(place).mkdir(parents=True, exist_ok=True)
        try:
            found = measure(rows, kinds, Path(place), context.obj, progress_bar, seed)
        finally:
            if not folder:
                drop_collections(Path(place), milvus_of(context.obj))
    _print(found)
    if json_file:
        write_text(json_file, json.dumps([asdict(one) for one in found], indent=1) + "\n")


def _print(found: "list[Figures]") -> None:
    from rich.console import Console
    from rich.table import Table

    flat = found[0]
    titles = ("recall@10", "p50 ms", "p95 ms", "queries/s", "× flat", "at once/s", "× flat")
    table = Table("kind", "filter", *titles, box=None)
    for one in found:
        for share, searched in {"": one.searched, **one.filtered}.items():
            beside = flat.filtered[share] if share else flat.searched
            table.add_row(
                one.kind,
                share,
                f"{searched.recall:.3f}",
                f"{searched.p50_ms:.2f}",
                f"{searched.p95_ms:.2f}",
                f"{searched.per_second:,.0f}",
                f"{searched.per_second / beside.per_second:,.1f}",
                f"{searched.per_second_at_once:,.0f}",
                f"{searched.per_second_at_once / beside.per_second_at_once:,.1f}",
            )
    console = Console(width=120)
    console.print(table)
    sizes = Table(
        "kind",
        "made s",
        "1,000 more s",
        "loaded s",
        "files MiB",
        "memory MiB",
        "mapped MiB",
        box=None,
    )
    for one in found:
        told = (
            one.built_s,
            one.grown_s,
            one.loaded_s,
            one.files_mib,
            one.memory.own,
            one.memory.mapped,
        )
        sizes.add_row(one.kind, *(f"{figure:,.1f}" for figure in told))
    console.print(sizes)
