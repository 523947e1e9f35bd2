"""The `evaluate logged` command."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from evaluation.reporting.options import JsonFile

if TYPE_CHECKING:
    from rich.table import Table

    from data.catalogue import Catalogue
    from data.settings import Settings
    from evaluation.logged.log import Log

AS_LOGGED: Final = "as logged"


def logged(
    context: typer.Context,
    days: Annotated[
        float, typer.Option(min=0.01, help="For how long what is done with it counts.")
    ] = 7,
    policy: Annotated[
        str | None, typer.Option(help="Only answers of this version of the policy.")
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Estimate from the log what other policies would be worth in the first place of an answer.

    The reward is the mean score with what stood first, else 1 if it was completed, else 0.
    """
    from data.catalogue import Catalogue
    from data.output_file import check_place
    from evaluation.logged.log import read_log
    from evaluation.reporting.figures_file import write_figures

    check_place(json_file)
    settings: Settings = context.obj
    with Catalogue.open(settings.catalogue_url) as catalogue:
        log = read_log(catalogue, days=days, now=time.time(), policy=policy)
        found = _figures(log, days, catalogue)
    _show(found)
    if json_file:
        write_figures(json_file, found)


def _figures(log: "Log", days: float, catalogue: "Catalogue") -> dict[str, Any]:
    import numpy as np

    from evaluation.logged.off_policy import estimate, probabilities
    from evaluation.logged.policies import policies
    from evaluation.logged.slices import slices
    from evaluation.measures.gaps import gaps

    places = log.places
    by_slice = slices(places, catalogue.resources.live())
    targets = {AS_LOGGED: np.array([one.propensity for one in places])} | {
        name: probabilities(policy, places) for name, policy in policies(log.openings).items()
    }
    return {
        "days": days,
        "answers": len(places),
        "learners": len({one.learner for one in places}),
        "empty": log.empty,
        "pending": log.pending,
        "versions": dict(Counter(one.policy for one in places)),
        "estimates": {name: asdict(estimate(places, each)) for name, each in targets.items()},
        "gaps": gaps(by_slice, "reward"),
        "slices": by_slice,
    }


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    from evaluation.measures.gaps import ENOUGH
    from evaluation.reporting.gaps_view import gaps_table

    console = Console()
    console.print(_table(found))
    console.print(gaps_table(found, "reward", "answers", ENOUGH))
    for line in _remarks(found):
        console.print(escape(line), highlight=False)


def _table(found: Mapping[str, Any]) -> "Table":
    from rich.table import Table

    title = (
        f"reward of the first place within {found['days']:g} days · {found['answers']:,} answers "
        f"of {found['learners']:,} learners"
    )
    columns = ("SNIPS", "IPS", "ahead", "effective answers", "mean weight", "clipped")
    table = Table("policy", *columns, title=title)
    for name, row in found["estimates"].items():
        table.add_row(
            name,
            _told(row["snips"], ".3f"),
            _told(row["ips"], ".3f"),
            _told(row["ahead"], "+.3f") if row["tells"] and name != AS_LOGGED else "",
            f"{row['effective_answers']:,.1f}",
            _told(row["mean_weight"], ".2f"),
            f"{row['clipped']:.1%}",
        )
    return table


def _told(figure: Mapping[str, float | None], form: str) -> str:
    value, low, high = (
        "–" if each is None else format(each, form)
        for each in (figure["value"], figure["low"], figure["high"])
    )
    return f"{value} ({low} – {high})"


def _remarks(found: Mapping[str, Any]) -> Iterable[str]:
    """Of what the log can tell little, then what was drawn by whom, then what was left out."""
    for name, row in found["estimates"].items():
        if not row["tells"]:
            yield (
                f"«{name}»: the log cannot tell, since what it would show was drawn too seldom "
                f"(as much as {row['effective_answers']:.1f} answers of its own, mean weight "
                f"{row['mean_weight']['value']:.2f} in place of 1)"
            )
    for version, answers in found["versions"].items():
        yield f"drawn by «{version}»: {answers:,}"
    if found["pending"]:
        yield f"left out, since the {found['days']:g} days are not over: {found['pending']:,}"
    if found["empty"]:
        yield f"left out, since nothing was shown: {found['empty']:,}"
