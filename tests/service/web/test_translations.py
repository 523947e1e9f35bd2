"""Every text of the pages is there in every language that is offered."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service.web.wording import TRANSLATIONS, offered
from tests.pages.program import ROOT

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"</?\w+>")
LANGUAGES = sorted(path.stem for path in TRANSLATIONS.glob("*.po"))


@cache
def said_in_pages():
    """Every message as `make messages` finds it: one text, or singular and plural."""
    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "message": None}
    found = extract_from_dir(
        ROOT / "service" / "web", methods, options, keywords=keywords, comment_tags=()
    )
    return {text for _, _, text, _, _ in found if text}


@cache
def catalogue_of(language) -> Catalog:
    with (TRANSLATIONS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(value):
    return list(value) if isinstance(value, tuple | list) else [value]


def placeholders(texts):
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def test_english_french_spanish_and_arabic_are_offered_english_first():
    assert list(offered()) == ["en", "ar", "es", "fr"]


def test_there_are_texts_to_translate():
    assert len(said_in_pages()) > 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_and_none_is_left_over(language):
    there = {message.id: message for message in catalogue_of(language) if message.id}
    said = said_in_pages()
    assert sorted(map(str, said - set(there))) == [], "run `make messages`, and translate"
    assert sorted(map(str, set(there) - said)) == [], "run `make messages`"
    empty = [name for name, message in there.items() if not all(forms(message.string))]
    assert empty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_forms_placeholders_and_tags_of_its_text(language):
    catalogue = catalogue_of(language)
    for message in catalogue:
        if not message.id:
            continue
        texts, translated = forms(message.id), forms(message.string)
        if len(texts) > 1:
            assert len(translated) == catalogue.num_plurals, message.id
        assert placeholders(translated) == placeholders(texts), message.id
        for one in translated:
            assert set(TAG.findall(one)) <= set(TAG.findall(" ".join(texts))), message.id
            assert "%" not in PLACEHOLDER.sub("", one).replace("%%", ""), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_the_readers_language_throughout(client, language):
    page = client.get("/suggest", headers={"accept-language": f"{language}, en;q=0.5"}).text
    assert f'<html lang="{language}"' in page
    assert "Suggest outcomes" not in page
    assert "Skip to the content" not in page


def test_what_is_counted_is_named_first_since_other_languages_choose_their_form_by_it():
    templates = (ROOT / "service" / "web" / "templates").rglob("*.html")
    blocks = re.compile(r"{% trans (\w+)[^%]*%}(?:(?!endtrans).)*?{% pluralize", re.DOTALL)
    named = {(file.name, name) for file in templates for name in blocks.findall(file.read_text())}
    assert {one for one in named if one[1] != "count"} == set()
