"""The `recommend` command."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from data.settings import Settings
    from models.learner.situation import Asked

_LIKELY = {
    "answers": "{:.0%} likely mastered",
    "statements": "{:.0%} likely mastered, from what was said",
    "guess": "a guess: {:.0%} likely mastered",
}


def recommend(
    context: typer.Context,
    learner: Annotated[str, typer.Option(help="Pseudonym of the learner.")],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many.")] = 5,
    goal: Annotated[
        str | None, typer.Option(help="Outcome or unit that the learner aims for.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Language of the resources; the first is preferred.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Only resources of this kind.")] = None,
    framework: Annotated[str | None, typer.Option(help="The learner's curriculum.")] = None,
    level: Annotated[str | None, typer.Option(help="The learner's level in it.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only what can be downloaded.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Recommend what a learner is to do next, and say why."""
    from models.languages import primary
    from models.learner.situation import Asked

    asked = Asked(
        now=time.time(),
        k=k,
        goal=goal,
        languages=tuple(primary(tag) or tag for tag in language or ()),
        kind=kind,
        framework=framework,
        level=level,
        offline=offline,
    )
    told = _answer(context.obj, learner, asked)
    if not told["known"]:
        typer.echo(
            f"Nothing is recorded of a learner {learner!r}. What is recommended follows the "
            "curriculum from its beginning, or from --level.",
            err=True,
        )
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(told)


def _answer(settings: "Settings", name: str, asked: "Asked") -> dict[str, Any]:
    from data.catalogue import Catalogue
    from data.pseudonyms import pseudonym
    from data.workspace import Workspace
    from models.learner import answers
    from models.learner.model import learner_model_in
    from models.learner.teaching import open_teaching

    model = learner_model_in(Workspace(settings.home).learner_model)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        teaching = open_teaching(catalogue, model)
        who = pseudonym(name, settings.learner_key)
        answered = teaching.recommend(who, teaching.learner(catalogue, who), asked)
        catalogue.recommendations.record(answered.kept)
    return answers.told(teaching, answered, asked.languages)


def _print(told: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    where = " · ".join(filter(None, (told["framework"], told["level"], *told["languages"])))
    if not told["items"]:
        typer.echo(
            f"Nothing to recommend ({where}): import resources with alignments, or ask for another "
            "language, kind or level.",
            err=True,
        )
        return
    table = Table("", "resource", "for the outcome", "why", box=None, title=where)
    for item in told["items"]:
        resource, outcome = item["resource"], item["outcome"]
        table.add_row(
            str(item["position"]),
            f"{escape(resource['title'])}\n[dim]{escape(resource['id'])}[/]",
            f"{escape(outcome['title'])}\n[dim]{_LIKELY[item['basis']].format(item['mastery'])}[/]",
            escape(item["reason"]),
        )
    Console().print(table)
