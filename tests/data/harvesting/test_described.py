"""Metadata → resources."""

from contextlib import suppress
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.fields import RowError
from data.harvesting.described import resource_of
from data.harvesting.xml import parse

DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">%s</oai_dc:dc>"""
FULL_DC = """
<dc:title xml:lang="fr">Les fractions</dc:title><dc:title xml:lang="en">Fractions</dc:title>
<dc:creator>A. Teacher</dc:creator>
<dc:subject>Mathematics</dc:subject><dc:subject>Number</dc:subject>
<dc:description xml:lang="en">Halves.</dc:description>
<dc:description xml:lang="en">Quarters.</dc:description>
<dc:description xml:lang="fr">Moitiés.</dc:description>
<dc:type>http://purl.org/dc/dcmitype/MovingImage</dc:type><dc:language>eng</dc:language>
<dc:identifier>ISBN 12</dc:identifier><dc:identifier>https://example.org/f</dc:identifier>
<dc:rights>All can use it</dc:rights><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
<dcterms:educationLevel>Year 4</dcterms:educationLevel>"""
LOM = """<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
<identifier><catalog>URI</catalog><entry>https://example.org/entry</entry></identifier>
<title><string language="de">Brüche</string><string language="en">Fractions</string></title>
<language>ger</language><description><string language="de">Halbe.</string></description>
<keyword><string language="de">Bruch</string></keyword></general>
<technical><format>video/mp4</format><location>https://example.org/v</location></technical>
<educational><learningResourceType><source>LOMv1.0</source><value>Exercise</value>
</learningResourceType><context><source>LOMv1.0</source><value>school</value></context>
<typicalAgeRange><string language="x-none">8-10</string></typicalAgeRange></educational>
<rights><cost><value>no</value></cost><description><string language="en">
https://creativecommons.org/licenses/by/4.0/</string></description></rights>
<classification><purpose><source>LOMv1.0</source><value>discipline</value></purpose><taxonPath>
<taxon><id>1</id><entry><string language="de">Fächer</string></entry></taxon>
<taxon><id>1.2</id><entry><string language="de">Mathematik</string></entry></taxon></taxonPath>
</classification></lom>"""
IMS = """<lom xmlns="http://www.imsglobal.org/xsd/imsmd_v1p2"><general>
<title><langstring xml:lang="es">Mitades</langstring></title><language>es</language></general>
<educational><learningresourcetype/><learningResourceType><value>
<langstring xml:lang="x-none">Simulation</langstring></value></learningResourceType></educational>
</lom>"""


def made(xml, **defaults):
    return resource_of("oai:x:1", parse(xml.encode()), defaults, 10_000)


def test_dublin_core_is_read_in_the_language_of_the_resource_and_kept_whole():
    found = made(DC % FULL_DC)
    assert (found.id, found.title, found.language) == ("oai:x:1", "Fractions", "en")
    assert found.description == "Halves.\n\nQuarters."
    assert (found.kind, found.subject, found.levels) == ("video", "Mathematics", ("Year 4",))
    assert found.url == "https://example.org/f"
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"
    assert found.extra["dc"]["creator"] == ["A. Teacher"]
    french = {"@lang": "fr", "text": "Les fractions"}
    assert french in found.extra["dc"]["title"]


def test_what_a_record_does_not_say_is_taken_from_the_source():
    found = made(DC % "<dc:title>Halves</dc:title>", language="sw", license="CC0-1.0")
    assert (found.language, found.license, found.url) == ("sw", "CC0-1.0", None)
    assert made(DC % FULL_DC, language="sw", license="CC0-1.0").language == "en"


def test_learning_object_metadata_is_read():
    found = made(LOM)
    assert (found.title, found.description, found.language) == ("Brüche", "Halbe.", "de")
    assert (found.kind, found.subject) == ("exercise", "Mathematik")
    assert found.levels == ("school", "8-10")
    assert found.url == "https://example.org/v"
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"
    titles = found.extra["lom"]["general"][0]["title"][0]["string"]
    assert {"@language": "en", "text": "Fractions"} in titles


def test_the_metadata_of_ims_is_read():
    found = made(IMS)
    assert (found.title, found.language, found.kind) == ("Mitades", "es", "simulation")


CLASSIFIED = """<classification><purpose><value>%s</value></purpose><taxonPath>%s
<taxon><id>1</id></taxon><taxon><id> N3.1 </id><entry><string>Halves</string></entry></taxon>
</taxonPath></classification>"""
OURS = "<source><string language='en'>Ours</string><string language='x-none'>f</string></source>"


@pytest.mark.parametrize(
    ("purpose", "source", "relation"),
    [
        ("educational objective", OURS, "teaches"),
        ("Educational Objective", OURS, "teaches"),
        ("assesses", OURS, "assesses"),
        ("prerequisite", OURS, "requires"),
        ("discipline", OURS, None),
        ("educational objective", "", None),
    ],
)
def test_a_record_that_is_classified_by_objectives_says_to_which_outcomes(
    purpose, source, relation
):
    found = made(LOM.replace("</lom>", CLASSIFIED % (purpose, source) + "</lom>"))
    said = [{"relation": relation, "outcome": "N3.1", "frameworks": ["Ours", "f"]}]
    assert found.extra.get("aligned") == (said if relation else None)
    assert found.title == "Brüche"


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (DC % "<dc:creator>x</dc:creator>", "title and description are both empty"),
        ("<mods/>", "must be Dublin Core or LOM"),
        (DC % f"<dc:title>{'x' * 20_000}</dc:title>", "the limit is 10,000"),
    ],
)
def test_a_record_that_cannot_be_used_says_why(xml, why):
    with pytest.raises(RowError, match=why):
        made(xml)


def test_a_record_without_metadata_says_so():
    with pytest.raises(RowError, match="no metadata"):
        resource_of("x", None, {}, 10)


NAMES = """lom dc title description general language string langstring value educational context
purpose classification taxonPath taxon entry rights identifier subject type technical location"""
names = st.sampled_from(NAMES.split())
words_ = st.text(max_size=8) | st.sampled_from(["http://x/", "eng", "discipline", "\x0b", "x-none"])


@st.composite
def elements(draw, depth=0):
    found = Element(draw(names), {"language": draw(words_)} if draw(st.booleans()) else {})
    found.text = draw(words_)
    if depth < 5:
        found.extend(draw(st.lists(elements(depth + 1), max_size=3)))
    return found


@given(elements())
def test_whatever_metadata_says_it_is_a_resource_or_a_refusal(element):
    element.tag = "lom" if element.tag > "g" else "dc"
    with suppress(RowError):
        assert resource_of("oai:x:1", element, {}, 10_000).id == "oai:x:1"
