"""The `evaluate simulation` command."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evaluation.reporting.options import JsonFile

if TYPE_CHECKING:
    from rich.table import Table


def simulation(
    seeds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 20,
    learners: Annotated[int, typer.Option(min=1, help="How many learners in each.")] = 2,
    hours: Annotated[int, typer.Option(min=1, help="How long each studies, an hour a day.")] = 30,
    first_seed: Annotated[int, typer.Option(min=0, help="The seed of the first world.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="In so many processes.")] = 1,
    json_file: JsonFile = None,
) -> None:
    """Let simulated learners study by the recommender, by other policies and by an oracle.

    Tells how many outcomes they master in an hour; learners and curricula are invented, and the
    same for the same numbers. No workspace has to be there.
    """
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.reporting.figures_file import write_figures
    from evaluation.simulation.figures import report

    check_place(json_file)
    found = report(
        seeds=seeds,
        learners=learners,
        hours=hours,
        jobs=jobs,
        first_seed=first_seed,
        progress=progress_bar,
    )
    _show(found)
    if json_file:
        write_figures(json_file, found)


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    title = (
        f"outcomes mastered per hour · {found['seeds']:,} worlds × {found['learners']:,} learners "
        f"× {found['hours']:,} hours"
    )
    console.print(_per_hour(found["settings"], title))
    console.print(_compared(found["settings"]))
    console.print(_spent(found["settings"]))
    shown, unready = (
        sum(one[key] for one in found["settings"])
        for key in ("recommendations", "unready_recommendations")
    )
    console.print(
        f"recommended without what it builds on being probably mastered, by the recommender's own "
        f"estimate: {unready:,} of {shown:,}",
        highlight=False,
    )


def _per_hour(settings: Iterable[Mapping[str, Any]], title: str) -> "Table":
    from rich.table import Table

    from evaluation.simulation.protocol import POLICIES

    table = Table("learners", *POLICIES, title=title)
    for one in settings:
        table.add_row(
            _name(one), *(f"{one['policies'][each]['per_hour']:.2f}" for each in POLICIES)
        )
    return table


def _compared(settings: Iterable[Mapping[str, Any]]) -> "Table":
    from rich.table import Table

    from evaluation.simulation.protocol import FIXED, OURS

    columns = (
        "ours / oracle",
        "fixed / oracle",
        "ours / fixed",
        "expected: / oracle",
        "expected: / fixed",
    )
    table = Table("learners", *columns, title="ratios of means (95 % over worlds)")
    for one in settings:
        ours, fixed = one["policies"][OURS], one["policies"][FIXED]
        ratios = (
            ours["of_oracle"],
            fixed["of_oracle"],
            one["ours_over_fixed"],
            ours["expected_of_oracle"],
            one["expected_ours_over_fixed"],
        )
        table.add_row(_name(one), *map(_told, ratios))
    return table


def _spent(settings: Iterable[Mapping[str, Any]]) -> "Table":
    from rich.table import Table

    from evaluation.simulation.protocol import POLICIES

    title = "share of time on what was known + was not, nor all that it builds on"
    table = Table("learners", *POLICIES, title=title)
    for one in settings:
        shares = (
            " + ".join(f"{one['policies'][each][key]:.2f}" for key in ("known", "unready"))
            for each in POLICIES
        )
        table.add_row(_name(one), *shares)
    return table


def _name(setting: Mapping[str, Any]) -> str:
    from evaluation.simulation.protocol import MODELS

    return f"{MODELS[setting['model']].title}{', gaps' if setting['gaps'] else ''}"


def _told(figure: Mapping[str, float | None]) -> str:
    value, low, high = (figure[key] for key in ("value", "low", "high"))
    if value is None or low is None:
        return "–" if value is None else f"{value:.2f}"
    return f"{value:.2f} ({low:.2f} " + ("or more)" if high is None else f"– {high:.2f})")
