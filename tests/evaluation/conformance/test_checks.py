import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Alignment, Relation
from evaluation.conformance import checks
from evaluation.conformance.checks.wording import lix
from evaluation.conformance.findings import Result, failed

EASY = "The cat sat on the mat. " * 20
HARD = "Notwithstanding administrative considerations regarding implementation, " * 20


def found(name, seen, **parameters):
    return checks.RESOURCE[name].model_validate(parameters)(seen)


def result(name, seen, **parameters):
    return found(name, seen, **parameters).result.value


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"fields": ["title"]}, "passed"),
        ({"fields": ["title", "description"]}, "failed"),
        ({"fields": ["title", "description"], "any": True}, "passed"),
        ({"fields": ["meta.captions"]}, "passed"),
        ({"fields": ["meta.files.alt"]}, "passed"),
        ({"fields": ["meta.nothing", "meta.captions.deeper"], "any": True}, "failed"),
        ({"fields": ["dotted.name"]}, "passed"),
        ({"fields": ["blank"]}, "failed"),
    ],
)
def test_a_field_is_present_if_it_says_something(seen, parameters, expected):
    extra = {
        "meta": {"captions": False, "files": [{"alt": ""}, {"alt": "A wall"}]},
        "dotted.name": 0,
        "blank": [" ", {}, None],
    }
    assert result("present", seen(extra=extra), **parameters) == expected


def test_what_is_missing_is_named(seen):
    said = found("present", seen(), fields=["title", "description", "url"]).message
    assert said == "not stated: description, url"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"accessibilityFeature": "CAPTIONS"}, "passed"),
        ({"accessibilityFeature": ["transcript", "captions"]}, "passed"),
        ({"captions": True}, "passed"),
        ({"captions": ["en.vtt"]}, "passed"),
        ({"captions": False}, "failed"),
        ({"accessibilityFeature": ["none"]}, "failed"),
        ({"accessibilityFeature": {"captions": 1}}, "failed"),
    ],
)
def test_a_feature_is_declared_in_the_list_or_in_a_field_of_its_own(seen, extra, expected):
    given = {"features": ["captions"], "fields": ["captions"]}
    assert result("declares", seen(extra=extra), **given) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "passed"),
        ("pt-BR", "passed"),
        ("zh-Hant-TW", "passed"),
        ("eng", "passed"),
        ("english", "failed"),
        ("und", "failed"),
        ("xx", "failed"),
        ("e n", "failed"),
        (None, "failed"),
    ],
)
def test_a_language_is_a_tag_of_one_that_exists(seen, tag, expected):
    assert result("language", seen(language=tag)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"levels": ("Grade 4",)}, "passed"),
        ({"extra": {"typicalAgeRange": "8-11"}}, "passed"),
        ({"extra": {"typicalAgeRange": "14+"}}, "passed"),
        ({"extra": {"typicalAgeRange": ["7-9", "11-8"]}}, "failed"),
        ({"extra": {"typicalAgeRange": ""}}, "failed"),
        ({}, "failed"),
    ],
)
def test_levels_or_an_age_range_that_goes_upwards_are_stated(seen, fields, expected):
    assert result("age_range", seen(**fields)) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"dateModified": "2025-01-31"}, "passed"),
        ({"dateModified": "2025-01-31T10:00:00Z"}, "passed"),
        ({"datePublished": 2024}, "passed"),
        ({"datePublished": "2010", "lastReviewed": "2026-02"}, "passed"),
        ({"datePublished": "2010-05-05"}, "failed"),
        ({"dateModified": "2031-01-01"}, "not known"),
        ({"dateModified": "2025-02-30"}, "not known"),
        ({"dateModified": "last spring"}, "not known"),
        ({}, "not known"),
    ],
)
def test_the_newest_date_that_is_no_mistake_tells_the_age(seen, extra, expected):
    assert result("fresh", seen(extra=extra), years=5) == expected


def test_only_outcomes_that_are_taught_or_assessed_count_and_each_once(seen):
    def to(outcome, relation):
        return Alignment(resource="r", outcome=outcome, relation=relation)

    required = [to("a", Relation.REQUIRES)]
    assert result("aligned", seen(required)) == "failed"
    twice = [to("a", Relation.TEACHES), to("a", Relation.ASSESSES)]
    assert result("aligned", seen(twice)) == "passed"
    assert result("aligned", seen(twice), at_least=2) == "failed"


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC BY 4.0", "passed"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "failed"),
        ("ask us", "failed"),
        (None, "failed"),
    ],
)
def test_an_open_licence_is_known_however_it_is_written(seen, licence, expected):
    assert result("open_licence", seen(license=licence)) == expected


def test_a_profile_may_allow_other_licences(seen):
    noncommercial = seen(license="CC BY-NC 4.0")
    assert result("open_licence", noncommercial, licences=["CC-BY-NC"]) == "passed"


def test_lix_is_what_it_is_by_hand():
    # Ten words in two sentences, of which two have more than six letters: 5 + 20.
    assert lix("Elephants swim in deep rivers. Do they ever seem frightened?") == 25


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EASY, "passed"),
        (HARD, "failed"),
        ("Short.", "not applicable"),
        ("", "not applicable"),
        ("قطة جلست على البساط. " * 20, "not applicable"),
        ("猫がマットの上に座った。" * 20, "not applicable"),
    ],
)
def test_a_text_is_readable_where_its_script_and_length_let_it_be_told(seen, text, expected):
    assert result("readable", seen(text=text), at_most=50) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ann.lee@school.ac.ke today", "failed"),
        ("Call +254 712 345 678", "failed"),
        ("Call +44 (0)20 7946 0958.", "failed"),
        ("Write to name@example.org", "passed"),
        ("3 + 4 = 7, and 1 000 000 000 is a milliard; +3 -4", "passed"),
        ("pi is 3.14159265358979323846", "passed"),
        ("@teacher of 2b @ school", "passed"),
    ],
)
def test_addresses_and_numbers_of_people_are_found_and_sums_are_not(seen, text, expected):
    assert result("no_personal_data", seen(text=text)) == expected


def test_a_report_does_not_carry_the_personal_data_on(seen):
    said = found("no_personal_data", seen(text="ann.lee@school.ac.ke")).message
    assert said == "e-mail addresses: 1, telephone numbers: 0"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?page=2", "passed"),
        ("HTTPS://example.org", "passed"),
        ("http://example.org", "failed"),
        ("https://ann:secret@example.org", "failed"),
        ("https://example.org/?utm_source=x", "failed"),
        ("https://example.org/?a=1&FBCLID=x", "failed"),
        ("https://[", "failed"),
        ("kolibri:abc", "failed"),
        (None, "not applicable"),
    ],
)
def test_an_address_is_secure_and_follows_nobody(seen, url, expected):
    assert result("secure_address", seen(url=url)) == expected


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"downloadable": True}, "passed"),
        ({"downloadable": False}, "failed"),
        ({"downloadable": "yes"}, "not known"),
        ({}, "not known"),
    ],
)
def test_downloading_is_what_the_source_says(seen, extra, expected):
    assert result("offline", seen(extra=extra)) == expected


def test_a_link_is_not_known_until_it_was_asked_for(seen):
    there = {"url": "https://example.org"}
    assert result("link_alive", seen(**there)) == "not known"
    assert found("link_alive", seen(link=failed("gone"), **there)).message == "gone"
    assert result("link_alive", seen()) == "not applicable"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["accessibilityFeature", "typicalAgeRange", "dateModified", "downloadable", "captions"]
)


@given(st.dictionaries(NAMES, JSON), st.text(), st.text())
def test_no_check_breaks_on_anything_that_a_source_may_write(extra, text, url):
    from datetime import date

    from data.records import Resource
    from evaluation.conformance.checks.base import Seen

    written = Resource(
        id="r", title=text, text=text, url=url, language=text, license=text, extra=extra
    )
    needed = {"present": {"fields": ["captions.deep"]}, "declares": {"features": ["captions"]}}
    for name in checks.RESOURCE:
        given = needed.get(name, {})
        answer = found(name, Seen(resource=written, today=date(2026, 1, 1)), **given)
        assert answer.result in Result
        assert isinstance(answer.message, str)
