"""Harvests: everything once, then what changed; deletions honoured; nothing lost or twice."""

from dataclasses import replace
from itertools import count

import pytest

from data.errors import GatewaysError
from data.harvesting import listing
from data.harvesting.harvest import Harvester
from data.importing.importer import _silent
from data.records import Platform, Resource, Source


@pytest.fixture
def source(catalogue, repository):
    made = Source(name="archive", kind="oai", url=repository.url, created=1.0)
    catalogue.sources.add(made)
    for number in range(8):
        repository.put(f"oai:x:{number}", f"Resource {number}")
    return made


@pytest.fixture
def harvest(catalogue, fetcher, source):
    """Harvest the source as it is kept; `more` are other bounds."""

    def run(full=False, options=None, max_pages=100, longest=600, **more):
        kept = catalogue.sources.get("archive")
        if options:
            catalogue.sources.change(replace(kept, options=options))
        harvester = Harvester(
            catalogue=catalogue,
            fetcher=replace(fetcher, **more),
            max_text=10_000,
            max_pages=max_pages,
            progress=_silent,
            longest=longest,
        )
        return harvester.harvest(kept, full=full)

    return run


@pytest.fixture
def state(catalogue):
    return lambda: catalogue.sources.get("archive").state


def live(catalogue):
    return {one.id: one.title for one in catalogue.resources.live()}


def lists_of(repository):
    return [asked for asked in repository.asked if asked["verb"] == "ListRecords"]


def test_everything_is_taken_in_page_by_page(catalogue, repository, harvest, state):
    report = harvest()
    assert (report.full, report.pages, report.counts["new"]) == (True, 3, 8)
    assert live(catalogue) == {f"oai:x:{n}": f"Resource {n}" for n in range(8)}
    assert lists_of(repository) == [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "resumptionToken": "from-3"},
        {"verb": "ListRecords", "resumptionToken": "from-6"},
    ]
    assert catalogue.datasets.get("archive").source == repository.url
    assert state()["cursor"] is None
    assert state()["counts"] == report.counts


def test_the_next_harvest_asks_for_what_changed_since_the_last_one_began(
    catalogue, repository, harvest
):
    harvest()
    repository.records = {}
    repository.put("oai:x:3", "Changed")
    repository.records["oai:x:4"] = None
    repository.put("oai:x:9", "New")
    report = harvest()
    assert lists_of(repository)[-1]["from"] == "2024-05-01T09:59:00Z"
    counts = {name: number for name, number in report.counts.items() if number}
    assert counts == {"new": 1, "changed": 1, "retired": 1}
    there = live(catalogue)
    assert (there["oai:x:3"], there["oai:x:9"]) == ("Changed", "New")
    assert "oai:x:4" not in there
    assert len(there) == 8


def test_a_record_that_comes_back_is_live_again(catalogue, repository, harvest):
    harvest()
    repository.records = {"oai:x:4": None}
    harvest()
    assert "oai:x:4" not in live(catalogue)
    repository.put("oai:x:4", "Resource 4")
    harvest()
    assert live(catalogue)["oai:x:4"] == "Resource 4"


def test_dates_are_as_fine_as_the_repository_takes_them(repository, harvest):
    repository.granularity = "YYYY-MM-DD"
    harvest()
    harvest()
    assert [one["from"] for one in lists_of(repository) if "from" in one] == ["2024-04-30"]


def test_nothing_new_is_no_error(catalogue, repository, harvest, state):
    harvest()
    repository.records = {}
    report = harvest()
    assert not any(report.counts.values())
    assert len(live(catalogue)) == 8
    harvest()  # by the repository's clock, not by ours
    assert lists_of(repository)[-1]["from"] == "2024-05-01T09:59:00Z"
    assert state()["error"] is None


def test_a_full_harvest_retires_what_is_not_listed_any_more(catalogue, repository, harvest):
    harvest()
    del repository.records["oai:x:5"]
    assert harvest().counts.get("retired", 0) == 0
    assert harvest(full=True).counts["retired"] == 1
    assert "oai:x:5" not in live(catalogue)


@pytest.fixture
def begun(harvest, repository):
    """Have a full harvest end after its first page of two."""
    repository.per_page = 4

    def begin():
        with pytest.raises(GatewaysError, match="the next harvest goes on from there"):
            harvest(full=True, longest=0)

    return begin


def test_a_full_harvest_that_gets_no_answer_does_not_lose_what_the_one_before_saw(
    catalogue, repository, harvest, begun
):
    begun()
    repository.odd = lambda _, asked: b"<html>" if asked["verb"] == "ListMetadataFormats" else None
    with pytest.raises(GatewaysError, match="cannot be read as OAI-PMH"):
        harvest(full=True)
    repository.odd = lambda *_: None
    assert harvest().counts.get("retired", 0) == 0
    assert len(live(catalogue)) == 8


class Killed(BaseException):
    """Ends a harvest as a kill does: nothing of it goes on."""


def test_a_full_harvest_killed_between_any_two_steps_retires_nothing_that_is_listed(
    catalogue, harvest, begun, monkeypatch
):
    def killed_before(step):
        """Whether a full harvest was killed before that step."""
        steps = count(1)

        def unless_killed(keeps):
            def keep(*said):
                if next(steps) == step:
                    raise Killed
                keeps(*said)

            return keep

        with monkeypatch.context() as patch:
            for name in ("keep_state", "sight", "forget_sightings"):
                patch.setattr(
                    catalogue.sources, name, unless_killed(getattr(catalogue.sources, name))
                )
            try:
                harvest(full=True)
            except Killed:
                return True
        return False

    for step in count(1):
        begun()
        if not killed_before(step):
            break
        harvest()
        assert len(live(catalogue)) == 8
    assert step == 8  # two to begin, two for a page and one for the last, two to end


def test_a_list_without_a_record_retires_nothing(catalogue, repository, harvest):
    harvest()
    repository.records = {}
    assert "none is taken for removed" in harvest(full=True).warnings[0]
    assert len(live(catalogue)) == 8


def test_a_bad_record_is_refused_and_the_others_are_taken(catalogue, repository, harvest):
    harvest()
    repository.records["oai:x:2"] = "<mods/>"
    repository.put("", "No identifier")
    report = harvest(full=True)
    assert report.counts["refused"] == 2
    assert any("must be Dublin Core or LOM" in str(one) for one in report.refusals)
    assert live(catalogue)["oai:x:2"] == "Resource 2"  # since it is still listed


def test_rows_of_other_datasets_are_neither_changed_nor_retired(catalogue, repository, harvest):
    catalogue.resources.create(Resource(id="oai:x:1", title="Mine"))
    catalogue.resources.create(Resource(id="oai:x:99", title="Mine too"))
    repository.records["oai:x:99"] = None
    report = harvest(full=True)
    assert report.counts["refused"] == 1
    assert live(catalogue)["oai:x:1"] == "Mine"
    assert live(catalogue)["oai:x:99"] == "Mine too"


def test_what_comes_back_to_where_it_is_from_is_left_out(catalogue, fetcher, repository, source):
    repository.put("oai:us.example:1", "Ours")
    bounds = {"max_text": 10_000, "max_pages": 10, "progress": _silent, "own": "oai:us.example:"}
    report = Harvester(catalogue=catalogue, fetcher=fetcher, **bounds).harvest(source)
    assert report.counts["new"] == 8
    assert "oai:us.example:1" not in live(catalogue)


def test_what_tells_of_learning_is_asked_for_where_it_is_offered(repository, harvest):
    repository.formats.append(("oai_lom", "http://ltsc.ieee.org/xsd/LOM"))
    harvest()
    assert lists_of(repository)[0]["metadataPrefix"] == "oai_lom"
    harvest(full=True, options={"prefix": "oai_dc", "set": "maths"})
    last = next(asked for asked in reversed(lists_of(repository)) if "set" in asked)
    assert (last["metadataPrefix"], last["set"]) == ("oai_dc", "maths")


def test_a_harvest_that_failed_goes_on_where_it_was(catalogue, repository, harvest, state):
    def broken(handler, asked):
        return handler.send(b"<html>", 404) or b"" if "from-6" in asked.values() else None

    repository.odd = broken
    with pytest.raises(GatewaysError, match="status 404"):
        harvest()
    assert "status 404" in state()["error"]
    assert len(live(catalogue)) == 6
    repository.odd = lambda *_: None
    report = harvest()
    assert lists_of(repository)[-1] == {"verb": "ListRecords", "resumptionToken": "from-6"}
    assert (report.counts["new"], report.full) == (2, True)
    assert state()["counts"]["new"] == 8
    assert state()["error"] is None


def test_a_harvest_that_takes_too_long_ends_and_goes_on_the_next_time(catalogue, harvest):
    for done in (3, 6):
        with pytest.raises(GatewaysError, match="the next harvest goes on from there"):
            harvest(longest=0)
        assert len(live(catalogue)) == done
    assert harvest(longest=0).counts["new"] == 2
    assert len(live(catalogue)) == 8


def test_a_token_that_does_not_hold_any_more_begins_the_list_again(
    catalogue, repository, harvest, oai
):
    forgotten = []

    def forgetful(_handler, asked):
        if asked.get("resumptionToken") == "from-6" and not forgotten:
            forgotten.append(asked)
            return oai.answer('<error code="badResumptionToken">gone</error>')
        return None

    repository.odd = forgetful
    report = harvest()
    assert (report.counts["new"], report.counts["unchanged"]) == (8, 6)
    assert len(live(catalogue)) == 8


def endless(oai, token, title=lambda n: f"T{n}", start=0):
    """Answers to ListRecords that never end."""
    number = [start]

    def answer(_handler, asked):
        if asked["verb"] != "ListRecords":
            return None
        number[0] += 1
        record = oai.record(f"oai:x:{title(number[0])}", oai.dublin_core("T"))
        return oai.answer(oai.listed([record], token(number[0])))

    return answer


def test_the_same_token_twice_ends_the_harvest(repository, harvest, oai):
    repository.odd = endless(oai, lambda _: "same")
    with pytest.raises(GatewaysError, match="the same token came twice"):
        harvest()


def test_the_same_page_twice_ends_the_harvest(repository, harvest, oai):
    repository.odd = endless(oai, lambda n: f"t{n}", lambda _: "same")
    with pytest.raises(GatewaysError, match="the same page came twice"):
        harvest()


def test_an_endless_list_ends_at_the_most_pages(catalogue, repository, harvest, oai):
    repository.odd = endless(oai, lambda n: f"t{n}")
    with pytest.raises(GatewaysError, match="more than 20 pages"):
        harvest(max_pages=20)
    assert len(live(catalogue)) == 20
    with pytest.raises(GatewaysError, match="more than 20 pages"):
        harvest(max_pages=20)  # it does not begin to count anew
    assert len(live(catalogue)) == 20


def test_a_list_of_empty_pages_or_of_too_many_bytes_ends(repository, harvest, oai, monkeypatch):
    monkeypatch.setattr(listing, "EMPTY_PAGES", 5)
    numbers = iter(range(1000))
    repository.odd = lambda _, asked: (
        oai.answer(oai.listed([], f"t{next(numbers)}")) if asked["verb"] == "ListRecords" else None
    )
    with pytest.raises(GatewaysError, match="5 pages without a record"):
        harvest(max_pages=1000)
    monkeypatch.setattr(listing, "FULL_PAGES", 1)
    repository.odd = endless(oai, lambda n: f"t{n}", start=2000)
    with pytest.raises(GatewaysError, match="more than 2,000 bytes"):
        harvest(full=True, max_pages=1000, max_body=2000)


def test_a_repository_that_forgets_every_token_is_left(repository, harvest, oai):
    repository.odd = lambda _, asked: (
        oai.answer('<error code="badResumptionToken">no</error>')
        if "resumptionToken" in asked
        else None
    )
    with pytest.raises(GatewaysError, match="badResumptionToken"):
        harvest()
    assert len(lists_of(repository)) < 10


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>Welcome</body></html>", "cannot be read as OAI-PMH"),
        (b"not XML", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>', "not safe"),
        (b"<OAI-PMH/>", "it has no Identify"),
        (b'<OAI-PMH><error code="badVerb">\x1b[2J no</error></OAI-PMH>', "not well-formed"),
        (b'<OAI-PMH><error code="badVerb">no</error></OAI-PMH>', '"badVerb": "no"'),
        ("<OAI-PMH>é</OAI-PMH>".encode("latin-1"), "not well-formed"),
    ],
)
def test_what_is_not_oai_says_so(repository, harvest, state, body, why):
    repository.odd = lambda *_: body
    with pytest.raises(GatewaysError, match=why):
        harvest()
    assert state()["error"]


def test_a_repository_in_the_future_does_not_make_us_miss_what_comes(repository, harvest, oai):
    repository.odd = lambda _, asked: (
        oai.answer(oai.listed([oai.record("a", oai.dublin_core("A"))]), "2999-01-01T00:00:00Z")
        if asked["verb"] == "ListRecords"
        else None
    )
    harvest()
    harvest()
    assert lists_of(repository)[-1]["from"] < "2990"


def test_resources_are_of_the_sources_platform_and_move_with_it(catalogue, repository, harvest):
    for id_ in ("hill", "vale"):
        catalogue.platforms.put(Platform(id=id_, name=id_, operator="x", created=1.0))
    catalogue.sources.assign("archive", "hill")
    with pytest.raises(GatewaysError):  # the rest would have come later
        harvest(max_pages=1)
    assert catalogue.platforms.of_datasets() == {"archive": "hill"}
    catalogue.sources.assign("archive", "vale")
    assert catalogue.platforms.of_datasets() == {"archive": "vale"}
    harvest()
    assert catalogue.platforms.of_datasets() == {"archive": "vale"}
    catalogue.platforms.remove("vale")
    assert catalogue.sources.get("archive").platform is None
    harvest()
    assert catalogue.platforms.of_datasets() == {}
