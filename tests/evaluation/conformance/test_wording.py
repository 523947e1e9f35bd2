"""Profiles in other languages."""

import pytest

from data.errors import GatewaysError
from evaluation.conformance.profile import Scope
from evaluation.conformance.profile_file import open_profile, parse_profile
from evaluation.conformance.wording import in_language

PROFILE = """
format = 1
id = "ours"
version = "1.0.0"
title = "Ours"
language = "{language}"
licence = "CC0-1.0"
groups = [{{ id = "g", title = "Group", about = "All" }}]
[[rules]]
id = "r"
group = "g"
title = "Rule"
why = "Since"
scope = "person"
[translations.fr]
title = "La nôtre"
groups.g = {{ title = "Groupe" }}
rules.r = {{ title = "Règle" }}
[translations.en]
title = "In English"
"""


def profile(language="de"):
    return parse_profile(PROFILE.format(language=language))


def test_texts_are_those_of_the_language_and_what_it_has_not_stays():
    for tag in ("fr", "fr-CA"):
        found = in_language(profile(), tag)
        assert (found.language, found.title) == ("fr", "La nôtre")
        assert (found.groups[0].title, found.groups[0].about) == ("Groupe", "All")
        assert (found.rules[0].title, found.rules[0].why) == ("Règle", "Since")


def test_english_stands_in_for_a_language_that_is_not_there_and_else_the_profile_s_own():
    assert in_language(profile(), "ar").title == "In English"
    assert in_language(profile("en"), "ar").title == "Ours"
    assert in_language(profile(), "de").title == "Ours"
    alone = profile().model_copy(update={"translations": {}})
    assert in_language(alone, "ar") is alone


@pytest.mark.parametrize(("named", "kind"), [("groups.x", "group"), ("rules.x", "rule")])
def test_a_translation_of_what_there_is_not_is_refused(named, kind):
    more = f'[translations.ar]\n{named} = {{ title = "x" }}'
    with pytest.raises(GatewaysError, match=f"there is no {kind} 'x'"):
        parse_profile(PROFILE.format(language="de") + more)


@pytest.mark.parametrize("tag", ["fr", "es", "ar"])
def test_the_charter_is_there_whole_in_every_language_of_the_pages(tag):
    charter = open_profile("charter")
    said = in_language(charter, tag)
    assert said.language == tag
    words = charter.translations[tag]
    assert list(words.groups) == [one.id for one in charter.groups]
    assert list(words.rules) == [one.id for one in charter.rules]
    for own, other in zip(charter.rules, words.rules.values(), strict=True):
        for field in ("title", "why", "mend"):
            assert bool(getattr(own, field)) == bool(getattr(other, field)), (own.id, field)
    assert all(one.title and one.about for one in (words, *words.groups.values()))
    assert said.of(Scope.PERSON)
    assert [one.check for one in said.rules] == [one.check for one in charter.rules]
