import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from evaluation.conformance.profile import Profile, Scope, Severity
from evaluation.conformance.profile_file import (
    open_profile,
    parse_profile,
    read_profile,
    shipped,
)

PRINCIPLES = [
    "public",
    "inclusive",
    "pedagogical",
    "complementary",
    "open",
    "focused",
    "trustworthy",
]


def test_what_ships_is_sound_and_is_named_as_its_file():
    assert shipped() == ["charter", "content"]
    assert [open_profile(name).id for name in shipped()] == shipped()


def test_every_principle_of_the_charter_has_what_a_machine_checks_and_what_people_judge():
    profile = open_profile("charter")
    assert [group.id for group in profile.groups] == PRINCIPLES
    for principle in PRINCIPLES:
        scopes = {rule.scope for rule in profile.rules if rule.group == principle}
        assert Scope.PERSON in scopes, principle
        assert scopes - {Scope.PERSON}, principle


@pytest.mark.parametrize("name", ["charter", "content"])
def test_every_rule_that_ships_says_why_and_how_to_mend(name):
    for rule in open_profile(name).rules:
        assert rule.scope is Scope.PERSON or (rule.why and rule.mend), rule.id


def test_a_file_of_somebody_elses_is_read(small):
    assert (small.id, small.version, len(small.rules)) == ("small", "0.2.0", 7)
    assert small.rules[0].severity is Severity.MUST
    assert small.rules[1].check.features == ("captions",)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('name = "present"', 'name = "pressent"', ["rules.0.check", "'pressent'", "open_licence"]),
        ('fields = ["description"]', "fields = 3", ["rules.0.check", "present: fields"]),
        ('fields = ["description"]', 'feilds = ["x"]', ["present", "feilds", "fields"]),
        ("at_least = 0.5", 'at_least = "half"', ["share: at_least", "number"]),
        ("at_least = 0.5", "at_least = 50", ["at_least", "less than or equal to 1"]),
        ('check = { name = "link_alive" }', 'check = "link_alive"', ["name ="]),
        ('check = { name = "link_alive" }', "", ["scope resource", "link_alive"]),
        ('check = { name = "link_alive" }', 'check = { name = "share" }', ["rule"]),
        ('rule = "captions"', 'rule = "caption"', ["half-captions", "'caption'"]),
        ('id = "captions"', 'id = "described"', ["more than one rule", "described"]),
        ('id = "captions"', 'id = "Cap tions"', ["rules.1.id"]),
        ('group = "whole"', 'group = "hole"', ["no group 'hole'"]),
        ('severity = "must"', 'severity = "may"', ["rules.0.severity", "'must' or 'should'"]),
        ('version = "0.2.0"', 'version = "2"', ["version"]),
        ("format = 1", "format = 2", ["format 2", "update"]),
        ("format = 1", "", ["format = 1"]),
        ("format = 1", 'format = 1\nlicense = "x"', ["license", "not permitted"]),
        ('scope = "person"', 'scope = "person"\ncheck = { name = "offline" }', ["person"]),
        ("format = 1", "format = = 1", ["not TOML"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(small_text, before, after, words):
    assert before in small_text
    with pytest.raises(GatewaysError) as refused:
        parse_profile(small_text.replace(before, after, 1))
    said = str(refused.value)
    assert all(word in said for word in words), said
    assert "\n" not in said


def test_what_is_no_file_or_no_text_is_told_with_what_ships(tmp_path):
    with pytest.raises(GatewaysError, match=r"none\.toml: cannot be read.*charter, content"):
        open_profile(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(GatewaysError, match=r"bytes\.toml"):
        read_profile(tmp_path / "bytes.toml")
    with pytest.raises(GatewaysError):
        read_profile(tmp_path)


@given(st.data())
def test_a_profile_that_was_cut_or_changed_anywhere_is_read_or_refused(data):
    text = (open_text := _text())[: data.draw(st.integers(0, len(open_text)))]
    lines = text.splitlines()
    if lines:
        place = data.draw(st.integers(0, len(lines) - 1))
        junk = data.draw(st.sampled_from(["0", "[]", "{}", '"x"', "true", "[[1]]", "{ name = 1 }"]))
        lines[place] = re.sub(r"= .*", f"= {junk}", lines[place])
    try:
        assert isinstance(parse_profile("\n".join(lines)), Profile)
    except GatewaysError as refused:
        assert str(refused)


def _text():
    from tests.evaluation.conformance.conftest import SMALL

    return SMALL.read_text(encoding="utf-8")
