import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.lrmi import schema_org


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://schema.org/teaches", "teaches"),
        ("http://www.schema.org/teaches", "teaches"),
        ("http://purl.org/dcx/lrmi-terms/assesses", "assesses"),
        ("https://schema.org/a/b", "https://schema.org/a/b"),
        ("https://example.org/teaches", "https://example.org/teaches"),
        ("teaches", "teaches"),
    ],
)
def test_only_names_of_schema_org_and_lrmi_are_shortened(iri, name):
    assert schema_org.short_name(iri) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
        ("http://creativecommons.org/licenses/by/3.0/deed.fr", "CC-BY-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("CC BY-SA", "CC BY-SA"),
    ],
)
def test_creative_commons_licences_go_by_their_names(url, name):
    assert schema_org.licence_name(url) == name


@pytest.mark.parametrize("name", ["CC-BY-4.0", "CC-BY-NC-ND-3.0", "CC0-1.0"])
def test_a_licence_name_leads_to_its_address_and_back(name):
    assert schema_org.licence_url(name).startswith("https://creativecommons.org/")
    assert schema_org.licence_name(schema_org.licence_url(name)) == name


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("PT15M", 15),
        ("PT1H30M", 90),
        ("P1DT2H", 1560),
        ("P2W", 20160),
        ("PT90S", 1.5),
        ("P", None),
        ("PT", None),
        ("P1Y", None),
        ("15 minutes", None),
        (15, None),
    ],
)
def test_durations_are_read_as_minutes_where_they_say_how_many(duration, minutes):
    assert schema_org.minutes(duration) == minutes


@given(st.integers(1, 10**6))
def test_minutes_are_written_so_that_they_are_read_again(minutes):
    assert schema_org.minutes(schema_org.duration_of(minutes)) == minutes


@pytest.mark.parametrize("value", [True, None, "15", 0, -3, float("inf"), float("nan"), 1 / 7])
def test_what_is_no_whole_duration_is_not_written_as_one(value):
    assert schema_org.duration_of(value) is None


def test_texts_are_found_in_lists_and_objects():
    value = ["a", {"@value": "b", "@language": "en"}, {"@type": "Person", "name": "c"}, 4, ["d"]]
    assert schema_org.texts(value) == ["a", "b", "c"]
