"""Four platforms that share one curriculum, with learners, decisions, and what is retired."""

import json

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Decision, Platform, RejectionReason, Showing, ShownSuggestion, Verdict
from data.settings import load_settings
from evaluation.evidence.making import make
from evaluation.evidence.privacy import Privacy

NOW = 2_000_000_000.0
SIZES = {"north": 20, "east": 12, "south": 8, "west, or «so»": 4}
KINDS = ("video", "quiz", "game")


def outcomes():
    yield {"id": "heading", "framework": "f", "title": "Heading", "assignable": False}
    for number in range(24):
        row = {"id": f"o{number}", "framework": "f", "title": f"Outcome {number}"}
        row |= {"subject": "maths" if number < 12 else "science, \n«nature»", "parent": "heading"}
        yield row | {"levels": ["Year 1"] if number % 2 else ["Year 1", "Year 2"]}


def resources(name, size):
    for number in range(size):
        row = {"id": f"{name}-{number}", "title": f"Lesson {number}", "kind": KINDS[number % 3]}
        row |= {"language": "fr" if number % 3 else "en", "license": "CC BY 4.0"}
        if number % 2:
            row |= {"description": "Said.", "downloadable": number % 4 == 1}
        yield row


def interactions(name, size):
    yield "learner,resource,item,outcome,time,event,score"
    for learner in range(3 * size):
        for place in range(min(size, 1 + learner % 3)):
            for step, event in enumerate(("attempted", "completed")):
                score = "1" if step else "0.25"
                at = 1_900_000_000 + 100 * learner + 10 * place + step
                yield f"l{learner},{name}-{place},,o{place},{at},{event},{score}"


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """The settings of a workspace that holds them all; not to be written to."""
    folder = tmp_path_factory.mktemp("shared")
    settings = load_settings(home=folder / "home")
    with Catalogue.open(settings.catalogue_url) as catalogue:
        for title, size in SIZES.items():
            name = title.split(",")[0]
            files = {"dataset.json": json.dumps({"name": title})}
            files["resources.jsonl"] = "".join(
                json.dumps(row) + "\n" for row in resources(name, size)
            )
            files["alignments.csv"] = "resource,outcome,relation\n" + "".join(
                f"{name}-{number},o{number},teaches\n" for number in range(size)
            )
            files["interactions.csv"] = "\n".join(interactions(name, size)) + "\n"
            if name == "north":
                files["outcomes.jsonl"] = "".join(json.dumps(row) + "\n" for row in outcomes())
            place = folder / name
            place.mkdir()
            for file, text in files.items():
                (place / file).write_text(text, encoding="utf-8")
            import_document(catalogue, open_document(place, ReadOptions()))
        decide(catalogue)
        for id_, name in (("n", "Northern Institute"), ("empty", "Nobody yet")):
            catalogue.platforms.put(Platform(id=id_, name=name, operator="x", created=1.0))
        catalogue.platforms.assign("north", "n")
    return settings


def decide(catalogue):
    shown = tuple(
        ShownSuggestion(outcome=f"o{n}", rank=n, score=1.0, confidence=0.2 * n, selected=True)
        for n in range(1, 5)
    )
    for resource in ("north-0", "north-1", "east-0"):
        showing = Showing(
            id=resource,
            resource=resource,
            time=1.0,
            model="m",
            index="i",
            frameworks={},
            shown=shown,
        )
        for n in range(1, 5):
            said = Verdict.ACCEPT if n > 2 else Verdict.REJECT
            reason = RejectionReason.TOO_BASIC if n == 1 else None
            catalogue.ledger.decide(
                Decision(
                    resource=resource, outcome=f"o{n}", verdict=said, reason=reason,
                    curator="ann", time=NOW - 5, showing=showing,
                )
            )  # fmt: skip
    for outcome, said in (("o3", Verdict.ACCEPT), ("o4", Verdict.REJECT)):
        catalogue.ledger.decide(
            Decision(resource="north-0", outcome=outcome, verdict=said, curator="bo", time=NOW)
        )


@pytest.fixture(scope="session")
def report(shared):
    with Catalogue.open(shared.catalogue_url) as catalogue:
        return make(catalogue, Privacy(least=10), now=NOW)


@pytest.fixture
def value():
    """The value of a figure of a report by its id."""

    def of(report, id_):
        return next(one.value for one in report.figures if one.id == id_)

    return of
