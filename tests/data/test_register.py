"""What each platform has, against what can be told by hand."""

import pytest

from data.catalogue.register import Served
from data.importing.importer import import_document
from data.records import Alignment, Decision, Outcome, Platform, Relation, Resource, Verdict


def outcomes(framework, *names):
    return [Outcome(id=name, framework=framework, title=name) for name in names]


@pytest.fixture
def shared(catalogue, document):
    """Two platforms of one dataset each, one of two; one framework is served by both."""
    first = document(
        *outcomes("maths", "add", "take", "share"),
        Resource(id="a", title="a", language="sw", kind="video", license="CC-BY-4.0"),
        Resource(id="b", title="b", language="sw", kind="lesson"),
        Resource(id="c", title="c"),
        Alignment(resource="a", outcome="add"),
        Alignment(resource="a", outcome="take"),
        Alignment(resource="b", outcome="take", relation=Relation.REQUIRES),
        name="one",
    )
    second = document(
        Resource(id="d", title="d", language="en"),
        Alignment(resource="d", outcome="share", relation=Relation.ASSESSES),
        name="two",
    )
    third = document(*outcomes("science", "lava"), name="three")
    for one in (first, second, third):
        assert import_document(catalogue, one).refused == 0
    catalogue.resources.create(Resource(id="made here", title="x"))
    for id_, dataset in (("ke", "one"), ("tz", "two"), ("tz", "three")):
        catalogue.platforms.put(Platform(id=id_, name=id_, operator="x", created=1.0))
        catalogue.platforms.assign(dataset, id_)
    return catalogue


def test_resources_are_counted_by_language_kind_and_licence_and_once_however_aligned(shared):
    kenya = shared.register.holdings()["ke"]
    assert (kenya.resources, kenya.aligned, kenya.share) == (3, 1, 1 / 3)
    assert kenya.languages == {"sw": 2, None: 1}
    assert kenya.kinds == {"video": 1, "lesson": 1, None: 1}
    assert kenya.licenses == {"CC-BY-4.0": 1, None: 2}
    assert (kenya.frameworks, kenya.datasets) == (1, ("one",))
    assert kenya.imported == shared.datasets.imported()["one"]


def test_what_is_of_no_platform_is_told_as_such(shared):
    rest = shared.register.holdings()[None]
    assert (rest.datasets, rest.resources, rest.frameworks) == ((), 1, 0)
    assert rest.imported is None
    shared.platforms.remove("tz")
    rest = shared.register.holdings()[None]
    assert (rest.datasets, rest.resources, rest.frameworks) == (("three", "two"), 2, 1)
    assert set(shared.register.holdings()) == {"ke", None}


def test_frameworks_are_told_with_those_of_others_that_resources_serve(shared):
    assert shared.register.served("ke") == [
        Served(framework="maths", is_own=True, outcomes=3, served=3, own=2)
    ]
    assert shared.register.served("tz") == [
        Served(framework="maths", is_own=False, outcomes=3, served=3, own=1),
        Served(framework="science", is_own=True, outcomes=1, served=0, own=0),
    ]


def test_what_is_retired_counts_nowhere(shared, document):
    import_document(shared, document(name="two", empty=(Resource, Alignment)), prune=True)
    assert shared.register.holdings()["tz"].resources == 0
    assert [one.framework for one in shared.register.served("tz")] == ["science"]
    assert shared.register.served("ke")[0].served == 2


def test_what_changes_is_counted_anew(shared):
    decision = Decision(resource="c", outcome="add", verdict=Verdict.ACCEPT, curator="x", time=1.0)
    assert shared.register.holdings()["ke"].aligned == 1
    shared.ledger.decide(decision)
    assert shared.register.holdings()["ke"].aligned == 2
    shared.resources.create(Resource(id="another", title="x"))
    assert shared.register.holdings()[None].resources == 2
    shared.platforms.assign("one", "tz")
    assert shared.register.holdings()["tz"].aligned == 3


def test_resources_are_told_by_their_platform(shared):
    assert shared.platforms.of_resources(["a", "d", "made here", "none"]) == {"a": "ke", "d": "tz"}
    assert [one.id for one in shared.resources.page(platform="tz").items] == ["d"]
    assert list(shared.resources.many(["a", "d"], platform="tz")) == ["d"]
