"""What may be said of a source, and what becomes of its harvest when that is changed."""

import pytest

from data.catalogue.audit_table import Event
from data.errors import ConflictError, FieldError, NotFoundError
from data.harvesting.holding import holding
from data.harvesting.noting import change, note
from data.records import Dataset, Platform

OAI = {"name": "archive", "kind": "oai", "url": "https://x.example/oai"}
CASE = {"name": "board", "kind": "case", "url": "https://x.example/ims/case/v1p1"}
STATE = {"complete": 5.0, "finished": 6.0, "tried": 4.0, "counts": {"new": 3}}


def bring(catalogue, dataset):
    with catalogue.intake(dataset.name) as intake, intake.batch() as batch:
        batch.put_dataset(dataset, 1.0)


def options(catalogue, name="archive"):
    return dict(catalogue.sources.get(name).options)


def test_a_source_is_kept_with_the_options_of_its_kind(catalogue):
    note(catalogue, OAI | {"set": "maths", "language": "fr", "every": "24", "license": ""})
    assert options(catalogue) == {"set": "maths", "language": "fr", "every": "24"}
    note(catalogue, CASE | {"documents": "d1 d2"})
    assert options(catalogue, "board") == {"documents": "d1 d2"}


WRONG = [
    (OAI | {"name": ""}, "name"),
    (OAI | {"name": "a\tb"}, "name"),
    (OAI | {"kind": "rss"}, "kind"),
    (OAI | {"url": "ftp://x"}, "url"),
    (OAI | {"url": "https://me:secret@x.example/oai"}, "url"),
    (OAI | {"documents": "d1"}, "documents"),
    (CASE | {"set": "maths"}, "set"),
    (OAI | {"language": "??"}, "language"),
    (OAI | {"license": "x" * 201}, "license"),
    *((OAI | {"every": hours}, "every") for hours in ("0", "-1", "1.5", "8785", "٣")),
]


def test_what_is_wrong_is_told_with_its_field_and_nothing_is_kept(catalogue):
    for said, field in WRONG:
        with pytest.raises(FieldError) as raised:
            note(catalogue, said)
        assert raised.value.field == field
    assert catalogue.sources.all() == []


@pytest.mark.parametrize(
    ("said", "dataset", "source"),
    [
        (OAI, "archive", None),
        (OAI, "archive", "https://y.example/oai"),
        (OAI, "archive/d1", "https://x.example/ims/case/v1p1/CFPackages/d1"),
        (CASE, "board/d1", "https://y.example/ims/case/v1p1/CFPackages/d1"),
        (CASE, "board", "https://x.example/oai"),
    ],
)
def test_a_name_that_has_a_dataset_from_elsewhere_is_refused(catalogue, said, dataset, source):
    bring(catalogue, Dataset(name=dataset, source=source))
    with pytest.raises(ConflictError, match="of another origin"):
        note(catalogue, said)


def test_other_options_begin_the_harvest_anew_and_another_timetable_does_not(catalogue):
    note(catalogue, OAI | {"set": "maths"})
    catalogue.sources.keep_state("archive", STATE)
    change(catalogue, "archive", {"set": "maths", "every": "24"})
    assert catalogue.sources.get("archive").state == STATE
    change(catalogue, "archive", {"set": "science", "every": "24"})
    kept = catalogue.sources.get("archive")
    assert (kept.options, kept.url) == ({"set": "science", "every": "24"}, OAI["url"])
    assert (kept.state["complete"], kept.state["finished"]) == (None, 6.0)


def test_a_change_is_in_the_trail(catalogue):
    note(catalogue, OAI)
    change(catalogue, "archive", {"every": "24"})
    said = [one for one in catalogue.audit.entries() if one.event == Event.SOURCE]
    assert [one.about for one in said] == ["archive", "archive"]
    assert said[0].said != said[1].said


def test_a_changed_platform_takes_what_the_source_brought_with_it(catalogue):
    catalogue.platforms.put(Platform(id="hill", name="Hill", operator="x", created=1.0))
    note(catalogue, OAI)
    bring(catalogue, Dataset(name="archive", source=OAI["url"]))
    change(catalogue, "archive", {"platform": "hill"})
    assert catalogue.platforms.datasets_of("hill") == ["archive"]
    with pytest.raises(NotFoundError):
        change(catalogue, "archive", {"platform": "vale"})


def test_what_is_not_there_or_is_being_harvested_is_not_changed(catalogue):
    with pytest.raises(NotFoundError):
        change(catalogue, "archive", {})
    note(catalogue, OAI)
    with (
        holding(catalogue, "archive"),
        pytest.raises(ConflictError, match="is being harvested by"),
    ):
        change(catalogue, "archive", {"set": "maths"})
    assert options(catalogue) == {}
