import pytest

from data.formats.lrmi.json_ld import EXTRA, Names, TooDeepError, plain, read_page
from data.formats.protocol import Refusal


@pytest.mark.parametrize(
    ("context", "name", "plain_name"),
    [
        (None, "teaches", "teaches"),
        ("https://example.org/unknown.jsonld", "teaches", "teaches"),
        ({"s": "http://schema.org/"}, "s:teaches", "teaches"),
        ({"goal": "https://schema.org/teaches"}, "goal", "teaches"),
        ({"goal": {"@id": "schema:teaches", "@type": "@id"}}, "goal", "teaches"),
        ({"id": "@id"}, "id", "@id"),
        ({"@vocab": "https://example.org/"}, "colour", "https://example.org/colour"),
        ({"@vocab": "https://example.org/"}, "teaches", "teaches"),
        ([{"a": "https://example.org/"}, {"b": "a:x"}], "b", "https://example.org/x"),
        ([["nested lists", "say nothing"]], "teaches", "teaches"),
        ({"teaches": None, "@version": 1.1}, "teaches", "teaches"),
        ({"x": "x"}, "x", "x"),
    ],
)
def test_names_go_by_what_their_context_says(context, name, plain_name):
    assert Names().within(context).plain(name) == plain_name


def test_a_context_holds_within_its_object_only():
    value = [
        {"@context": {"n": "https://schema.org/name"}, "n": "A", "about": {"n": "B"}},
        {"n": 1},
    ]
    assert plain(value, Names()) == [{"name": "A", "about": {"name": "B"}}, {"n": 1}]


def test_types_get_plain_names_and_what_is_not_schema_orgs_stays_as_it_is():
    value = {"@type": ["schema:Quiz", 3], f"{EXTRA}own": {"schema:name": "x"}}
    assert plain(value, Names()) == {"@type": ["Quiz", 3], f"{EXTRA}own": {"schema:name": "x"}}


def test_what_is_nested_without_end_is_said_to_be():
    value = {}
    for _ in range(500):
        value = {"about": [value]}
    with pytest.raises(TooDeepError, match="more than 90 deep"):
        plain(value, Names())


def test_only_scripts_of_json_ld_are_read_from_a_page(tmp_path):
    page = tmp_path / "a.html"
    page.write_bytes(
        b'<SCRIPT TYPE="Application/LD+JSON">{"a": "<b>"}</SCRIPT>\n<script>{"b": 1}</script>\xff\n'
        b'<script type="application/ld+json"></script><p>{"c": 1}</p>'
    )
    first, second = read_page(page)
    assert first == (1, {"a": "<b>"})
    assert isinstance(second, Refusal)
    assert second.line == 3
