"""What processes say of themselves, by a clock that the test moves."""

from types import SimpleNamespace

import pytest

from data.catalogue.servers import GONE_SECONDS, LATE_SECONDS, State
from data.errors import UnavailableError
from data.settings import load_settings
from service.engine.presence import REPORT_SECONDS, Presence


@pytest.fixture
def clock():
    return SimpleNamespace(now=1000.0)


@pytest.fixture
def present(catalogue, clock):
    """Processes, each with the index that it says is in use."""

    def make(port, index, behind=None):
        live = SimpleNamespace(
            in_use=SimpleNamespace(id=index, model="m") if index else None, behind=behind
        )
        settings = load_settings(port=port)
        return Presence(settings, catalogue, live, clock=lambda: clock.now), live

    return make


@pytest.fixture
def said(catalogue, clock):
    def states():
        wanted = catalogue.servers.wanted()
        found = catalogue.servers.all(clock.now)
        return {one.port: (one.index, one.state(wanted, clock.now), one.why) for one in found}

    return states


def test_each_process_says_what_it_serves_and_why_it_does_not(catalogue, present, said):
    catalogue.servers.want("new", host="here", now=1.0)
    for one in ((1, "new"), (2, "old", "it is not here"), (3, None, "there is none")):
        present(*one)[0].report()
    assert said() == {
        1: ("new", State.CURRENT, None),
        2: ("old", State.BEHIND, "it is not here"),
        3: (None, State.WITHOUT, "there is none"),
    }


def test_the_same_is_said_again_every_ten_seconds_and_something_else_at_once(
    catalogue, present, clock
):
    presence, live = present(1, "a")

    def seen():
        presence.report()
        return catalogue.servers.all(clock.now)[0].seen

    assert seen() == 1000.0
    clock.now += REPORT_SECONDS - 1
    assert seen() == 1000.0
    live.in_use.id = "b"
    assert seen() == clock.now
    clock.now += REPORT_SECONDS
    assert seen() == clock.now


def test_one_that_is_not_heard_of_is_silent_and_then_forgotten(catalogue, present, said, clock):
    catalogue.servers.want("a", host="here", now=1.0)
    stopped, going_on = present(1, "a")[0], present(2, "a")[0]
    stopped.report()
    clock.now += LATE_SECONDS + 1
    going_on.report()
    assert {port: state for port, (_, state, _) in said().items()} == {
        1: State.SILENT,
        2: State.CURRENT,
    }
    clock.now += GONE_SECONDS
    going_on.report()
    assert list(said()) == [2]


def test_one_that_ends_is_forgotten_at_once(present, said):
    presence, _ = present(1, "a")
    presence.report()
    presence.leave()
    assert said() == {}


def test_one_of_several_is_first_and_another_when_that_falls_silent(catalogue, present, clock):
    catalogue.servers.want("a", host="here", now=1.0)
    both = [present(port, "a") for port in (1, 2)]
    for presence, _ in both:
        presence.report()
    (first, live), (second, _) = sorted(both, key=lambda one: not one[0].is_first())
    assert (first.is_first(), second.is_first()) == (True, False)
    live.behind = "there is a newer one"
    assert not first.is_first()
    live.behind = None
    clock.now += LATE_SECONDS + 1
    second.report()
    assert second.is_first()


def test_where_it_cannot_be_said_serving_goes_on_and_a_line_tells_once(
    present, monkeypatch, clock, caplog
):
    def refuse(*_):
        raise UnavailableError("the server is read only")

    presence, _ = present(1, "a")
    monkeypatch.setattr("data.catalogue.servers.Servers.report", refuse)
    for _ in range(3):
        presence.report()
        clock.now += REPORT_SECONDS
    assert len([line for line in caplog.messages if "read only" in line]) == 1
