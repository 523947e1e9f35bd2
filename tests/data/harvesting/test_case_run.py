"""Frameworks of other systems: each once, then those that changed; nothing lost or twice."""

from dataclasses import replace

import pytest

from data.errors import ConflictError, GatewaysError
from data.formats.case.tidying import derived
from data.harvesting import case_server
from data.harvesting.fetching import Answer
from data.harvesting.harvest import Harvester
from data.harvesting.holding import holding
from data.importing.importer import _silent, import_document
from data.records import Outcome, Platform, Source

A, B, C = (f"d000000{n}-0000-4000-8000-000000000000" for n in "abc")
A1, A2, B1, B2, C1 = (f"a000000{n}-0000-4000-8000-000000000000" for n in range(5))
LATER = "2024-06-01T00:00:00Z"


@pytest.fixture
def source(catalogue, case):
    case.put(A, A1, A2, licenseURI={"title": "CC0-1.0", "uri": "https://x.example/cc0"})
    case.put(B, B1, B2)
    case.put(C, C1)
    catalogue.sources.add(Source(name="board", kind="case", url=case.url, created=1.0))


@pytest.fixture
def harvest(catalogue, fetcher, source):
    """Harvest the source as it is kept; `more` are other bounds."""

    def run(full=False, longest=600, options=None, source=None, **more):
        kept = source or catalogue.sources.get("board")
        if (options or {}) != kept.options:
            catalogue.sources.change(replace(kept, options=options or {}))
        harvester = Harvester(
            catalogue=catalogue,
            fetcher=replace(fetcher, **more),
            max_text=10_000,
            max_pages=100,
            progress=_silent,
            longest=longest,
        )
        return harvester.harvest(kept, full=full)

    return run


@pytest.fixture
def state(catalogue):
    return lambda: catalogue.sources.get("board").state


def live(catalogue):
    return {one.id: one.framework for one in catalogue.outcomes.live()}


def told(report):
    return {fate: number for fate, number in report.counts.items() if number}


def test_every_package_becomes_a_framework_with_a_dataset_of_its_own(catalogue, case, harvest):
    report = harvest()
    assert (report.kind, report.full, report.pages, told(report)) == ("case", True, 3, {"new": 5})
    assert live(catalogue) == {A1: A, A2: A, B1: B, B2: B, C1: C}
    assert catalogue.frameworks.get(A).title == f"F {A}"
    dataset = catalogue.datasets.get(f"board/{A}")
    assert dataset.source == f"{case.url}/CFPackages/{A}"
    assert dataset.license == "CC0-1.0"


def test_the_next_harvest_takes_only_packages_that_are_new_or_changed(catalogue, case, harvest):
    harvest()
    case.taken()
    case.put(B, B1, changed=LATER)
    case.put("no-uuid", "x")
    report = harvest()
    assert case.taken() == [B, "no-uuid"]
    assert (report.full, told(report)) == (False, {"new": 1, "changed": 1, "retired": 1})
    assert live(catalogue).keys() == {A1, A2, B1, C1, "x"}
    assert harvest().pages == 0
    assert harvest(full=True).pages == 4


def test_while_another_machine_harvests_the_source_nothing_is_done_to_it(
    catalogue, case, harvest, state
):
    harvest()
    before = state()
    case.taken()
    with holding(catalogue, "board"), pytest.raises(ConflictError, match="is being harvested"):
        harvest(full=True)
    assert (state(), case.taken()) == (before, [])


def test_what_another_machine_harvested_meanwhile_is_not_taken_again(catalogue, harvest, case):
    stale = catalogue.sources.get("board")
    harvest()
    case.taken()
    assert harvest(source=stale).pages == 0


def test_a_document_that_does_not_say_when_it_changed_is_taken_each_time(case, harvest):
    case.put(C, C1, changed="")
    harvest()
    case.taken()
    assert told(harvest()) == {"unchanged": 1}
    assert case.taken() == [C]


def test_a_framework_that_is_not_listed_any_more_is_retired_and_may_come_back(
    catalogue, case, harvest
):
    harvest()
    gone = case.packages.pop(B)
    assert told(harvest()) == {"retired": 2}
    assert live(catalogue).keys() == {A1, A2, C1}
    assert [one.id for one in catalogue.frameworks.all()] == [A, C]
    case.packages[B] = gone
    assert told(harvest()) == {"changed": 2}
    assert live(catalogue).keys() == {A1, A2, B1, B2, C1}


@pytest.mark.parametrize(
    ("kept", "total", "why"), [((), None, "has no document"), ((A, C), 3, "is not complete")]
)
def test_a_list_that_cannot_be_whole_retires_nothing(catalogue, case, harvest, kept, total, why):
    harvest()
    case.packages = {one: case.packages[one] for one in kept}
    case.total = total
    assert why in harvest().warnings[0]
    assert len(live(catalogue)) == 5


def test_only_the_documents_that_are_named_are_taken(catalogue, case, harvest):
    report = harvest(options={"documents": f"{B} {derived('x')}", "license": "CC-BY-4.0"})
    assert case.taken() == [B]
    assert "is not listed" in report.warnings[0]
    assert catalogue.datasets.get(f"board/{B}").license == "CC-BY-4.0"


def test_long_lists_come_in_pages(catalogue, case, harvest, monkeypatch):
    monkeypatch.setattr(case_server, "PER_PAGE", 2)
    harvest()
    assert sum(path.endswith("CFDocuments") for path in case.asked) == 2
    assert len(live(catalogue)) == 5


@pytest.mark.parametrize("origin", [A1, B1])
def test_a_crosswalk_between_two_packages_stands_whichever_comes_first(
    catalogue, case, harvest, origin
):
    other = B1 if origin == A1 else A1
    document, items = (A, (A1, A2)) if origin == A1 else (B, (B1, B2))
    case.put(document, *items, leads=[("exactMatchOf", origin, other)])
    harvest()
    assert [(one.outcome, one.other) for one in catalogue.correspondences.live()] == [
        (origin, other)
    ]
    case.taken()
    harvest()
    assert case.taken() == []


def test_a_crosswalk_leads_to_outcomes_that_go_by_another_id_here(
    catalogue, case, harvest, document
):
    case.put(C, C1, leads=[("exactMatchOf", C1, derived("outcome", "ours"))])
    harvest()
    assert list(catalogue.correspondences.live()) == []
    case.taken()
    harvest()
    assert case.taken() == []  # since no framework has come
    import_document(catalogue, document(Outcome(id="ours", framework="f", title="Count")))
    harvest()
    assert [(one.outcome, one.other) for one in catalogue.correspondences.live()] == [(C1, "ours")]


def test_a_framework_that_is_here_from_elsewhere_is_left_out(catalogue, case, harvest, document):
    case.put(derived("framework", "f"), derived("outcome", "ours"))
    import_document(catalogue, document(Outcome(id="ours", framework="f", title="Count")))
    report = harvest()
    assert "1 of its frameworks" in report.warnings[0]
    assert (report.pages, report.counts["refused"]) == (3, 0)
    assert len(live(catalogue)) == 6


def test_a_harvest_that_takes_too_long_goes_on_the_next_time(catalogue, case, harvest, state):
    for done in (1, 2):
        with pytest.raises(GatewaysError, match="goes on from there"):
            harvest(longest=0)
        assert len(state()["documents"]) == done
    with pytest.raises(GatewaysError):
        harvest(longest=0)
    assert case.taken() == [A, B, C]
    assert harvest().pages == 0
    assert state()["counts"]["new"] == 5
    assert state()["begun"] is False


def test_a_package_that_cannot_be_had_does_not_stop_the_others(catalogue, case, harvest, state):
    harvest()
    for document in (A, B):
        case.put(document, changed=LATER)
    case.odd = lambda handler, path: handler.send(b"", 500) or b"" if path.endswith(B) else None
    report = harvest()
    assert "1 of 2 packages could not be taken in" in report.error
    assert (report.counts["refused"], state()["error"]) == (1, report.error)
    assert live(catalogue).keys() == {B1, B2, C1}
    case.odd = lambda *_: None
    assert harvest().error is None
    assert live(catalogue).keys() == {C1}


def endless(case):
    case.heeds_offset, case.total = False, 1_000_000


def growing(case):
    def answer(handler, path):
        if path.endswith("CFDocuments"):
            for number in range(100):
                case.put(f"{len(case.asked)}-{number}")
            case.heeds_offset, case.total = True, 1_000_000

    case.odd = answer


def every(body, status=200, **headers):
    def odd(case):
        case.odd = lambda handler, path: (
            handler.send(body, status, **headers) or b"" if "CFPackages" in path else None
        )

    return odd


def listing(body):
    def odd(case):
        case.odd = lambda _handler, path: body if path.endswith("CFDocuments") else None

    return odd


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (growing, "it lists more than 300 documents"),
        (listing(b"<html>"), "cannot be read as CASE: malformed JSON"),
        (listing(b"[" * 100_000), "nested too deeply"),
        (listing(b'{"CFDocuments": {}}'), "it has no list of CFDocuments"),
        (listing(b" " * 300_000), "longer than 200,000 bytes"),
        (every(b"{}"), "this is not a .json file with a CFPackage"),
        (every(b'{"CFDocument": {"identifier": "x"}}'), 'it is the package of "x"'),
        (every(b'{"CFDocument": 1}'), "it must be an object"),
        (every(b'{"CFDocument": ' + b"[" * 100_000), "nested too deeply"),
        (every(b" " * 300_000), "longer than 200,000 bytes"),
        (every(b"", 302, Location="http://10.0.0.1/"), "not an address of the public internet"),
        (every(b"", 302, Location="/ims/case/v1p1/CFPackages/on"), "leads on and on"),
    ],
)
def test_a_hostile_server_is_told_and_ends(case, harvest, state, monkeypatch, spoil, why):
    monkeypatch.setattr(case_server, "MOST_DOCUMENTS", 300)
    monkeypatch.setattr("data.harvesting.case_run.FAILURES", 3)
    spoil(case)
    with pytest.raises(GatewaysError, match=why):
        harvest()
    assert why in state()["error"]


def test_packages_that_fail_do_not_hide_those_behind_them(catalogue, case, harvest, monkeypatch):
    monkeypatch.setattr("data.harvesting.case_run.FAILURES", 2)
    spoilt = (f"CFPackages/{A}", f"CFPackages/{B}")
    case.odd = lambda _handler, path: b"{}" if path.endswith(spoilt) else None
    with pytest.raises(GatewaysError, match="one after the other failed"):
        harvest()
    assert live(catalogue) == {}
    case.taken()
    report = harvest()
    assert live(catalogue).keys() == {C1}
    assert case.taken() == [C, A, B]
    assert "2 of 3 packages could not be taken in" in report.error
    case.odd = lambda _handler, _path: None
    assert harvest().error is None
    assert live(catalogue).keys() == {A1, A2, B1, B2, C1}


def test_pages_that_repeat_end_the_list_which_is_not_taken_for_whole(catalogue, case, harvest):
    harvest()
    del case.packages[B]
    endless(case)
    assert "is not complete" in harvest().warnings[0]
    assert len(live(catalogue)) == 5


def test_what_is_listed_without_an_identifier_is_refused(case, harvest):
    case.put("", "y")
    report = harvest()
    assert str(report.refusals[0]) == "CFDocuments:4: identifier is missing"
    assert report.counts["refused"] == 1


def test_naming_documents_later_retires_none_that_is_listed_yet(catalogue, case, harvest):
    harvest()
    report = harvest(options={"documents": B})
    assert "retired" not in told(report)
    assert len(live(catalogue)) == 5


@pytest.mark.parametrize(
    ("link", "is_last"),
    [
        ("<u>; rel=next", False),
        ("<u>; rel='next'", False),
        ('<u>; rel="last next"', False),
        ('<u>; rel="next"; title="x"', False),
        ('<u?rel=next>; rel="prev"', True),
        ("<u>; rel=nextish", True),
    ],
)
def test_a_link_to_the_next_page_is_understood_however_it_is_written(link, is_last):
    answer = Answer(url="u", headers={"link": link}, body=b"")
    assert case_server._Page([{}], answer, 0).is_last is is_last


def test_frameworks_are_of_the_sources_platform_from_the_first_row_on(catalogue, case, harvest):
    for id_ in ("hill", "vale"):
        catalogue.platforms.put(Platform(id=id_, name=id_, operator="x", created=1.0))
    catalogue.sources.assign("board", "hill")
    harvest()
    assert set(catalogue.platforms.of_datasets()) == {f"board/{one}" for one in (A, B, C)}
    assert set(catalogue.platforms.of_datasets().values()) == {"hill"}
    # One that was assigned on its own stays where it is, and a later one comes to the platform.
    catalogue.platforms.assign(f"board/{C}", "vale")
    case.put(C, C1, lastChangeDateTime=LATER)
    later = A.replace("d0", "d1")
    case.put(later, A1.replace("a0", "a1"))
    harvest()
    owners = catalogue.platforms.of_datasets()
    assert (owners[f"board/{C}"], owners[f"board/{later}"]) == ("vale", "hill")
    catalogue.sources.assign("board", None)
    assert catalogue.platforms.of_datasets() == {f"board/{C}": "vale"}
