import json
import sqlite3
from contextlib import closing
from uuid import NAMESPACE_DNS, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.kolibri.channel import Kolibri
from data.formats.kolibri.database import channels, is_channel, nodes
from data.formats.kolibri.words import bcp47, hexadecimal, hyphenated
from data.formats.protocol import ReadOptions, Refusal
from data.formats.registry import recognise
from data.importing.importer import import_document
from data.records import Alignment, Outcome, Resource
from data.settings import load_settings

CHANNEL, MATHS, HALVES, NODE, QUIZ = (f"{n}" * 32 for n in "12345")
LICENCE = {"license_id": "CC BY-SA", "copyright_holder": "Ann"}
TREE = {
    "id": CHANNEL,
    "title": "Our channel",
    "language": "en",
    "children": [
        {
            "id": MATHS,
            "kind": "topic",
            "title": "Fractions",
            "description": "Parts of a whole",
            "children": [
                {
                    "node_id": NODE,
                    "content_id": HALVES,
                    "kind": "video",
                    "title": "Halves",
                    "license": LICENCE,
                    "author": "Ann",
                },
                {"id": QUIZ, "kind": "exercise", "title": "Quiz", "language": {"id": "swa"}},
            ],
        },
        {"id": "6" * 32, "kind": "topic", "title": "Again", "children": {"results": []}},
    ],
}
COOKED = {
    "title": "Cooked",
    "source_domain": "example.org",
    "source_id": "cooked",
    "language": "en",
    "children": [
        {
            "kind": "topic",
            "source_id": "t",
            "title": "T",
            "children": [{"kind": "document", "source_id": "d", "title": "D", "files": []}],
        }
    ],
}


def rows_in(document):
    return [list(document.read(kind)) for kind in (Outcome, Resource, Alignment)]


@pytest.fixture
def opened(tmp_path):
    def open_(value):
        (tmp_path / "channel.json").write_text(json.dumps(value), encoding="utf-8")
        assert recognise(tmp_path / "channel.json").name == "kolibri"
        return Kolibri().open(tmp_path / "channel.json", ReadOptions())

    return open_


@pytest.fixture
def read(opened):
    return lambda value: [[row.record for row in kind] for kind in rows_in(opened(value))]


def test_topics_are_outcomes_and_content_is_resources_below_them(read):
    (root, fractions, again), (halves, quiz), alignments = read(TREE)
    assert root == Outcome(
        id=CHANNEL,
        framework=CHANNEL,
        title="Our channel",
        language="en",
        position=1,
        assignable=False,
    )
    assert (fractions.parent, fractions.assignable, fractions.position) == (CHANNEL, True, 2)
    assert (again.assignable, again.position) == (False, 5)
    assert halves == Resource(
        id=HALVES,
        title="Halves",
        kind="video",
        language="en",
        license="CC BY-SA",
        extra={"author": "Ann", "node_id": NODE, "channel_id": CHANNEL},
    )
    assert (quiz.id, quiz.language) == (QUIZ, "sw")
    assert alignments == [
        Alignment(resource=HALVES, outcome=MATHS),
        Alignment(resource=QUIZ, outcome=MATHS),
    ]


def test_what_has_no_ids_is_called_as_studio_would_call_it(read):
    (root, topic), (document,), (alignment,) = read(COOKED)
    domain = uuid5(NAMESPACE_DNS, "example.org")
    channel = uuid5(domain, "cooked")
    assert root.id == root.framework == channel.hex
    assert topic.id == uuid5(channel, uuid5(domain, "t").hex).hex
    assert document.id == uuid5(domain, "d").hex
    assert alignment == Alignment(resource=document.id, outcome=topic.id)


def test_content_in_several_places_is_one_resource_with_several_topics(read):
    video = {"kind": "video", "content_id": HALVES, "title": "Halves"}
    topics = [
        {"kind": "topic", "id": id_ * 32, "title": id_, "children": [{"id": id_ * 16, **video}]}
        for id_ in "ab"
    ]
    _, resources, alignments = read({"id": CHANNEL, "title": "C", "children": topics})
    assert [one.id for one in resources] == [HALVES]
    assert [one.outcome for one in alignments] == ["a" * 32, "b" * 32]


def test_a_node_that_is_no_object_is_refused_by_its_place(opened):
    outcomes, _, _ = rows_in(opened({"id": "c", "title": "C", "kind": "topic", "children": ["x"]}))
    assert (outcomes[1].line, "not an object" in outcomes[1].reason) == (2, True)


def test_a_channel_is_imported(opened, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
        report = import_document(catalogue, opened(TREE))
        assert report.refused == 0
        assert [one.title for one in catalogue.frameworks.all()] == ["Our channel"]
        assert catalogue.counts()["alignments"] == 2


@pytest.fixture
def database(tmp_path):
    """A channel's database with the columns that every version of Kolibri has."""
    path = tmp_path / "channel's.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE content_channelmetadata (id char(32), name varchar(200));"
            "CREATE TABLE content_contentnode (id char(32), parent_id char(32), title varchar(200),"
            " kind varchar(200), content_id char(32), channel_id char(32), description text,"
            " lang_id varchar(14), license_name varchar(50), author varchar(200), sort_order real,"
            " lft integer, duration integer);"
        )
        rows = [
            (CHANNEL, None, "C", "topic", "x", CHANNEL, "", "en", None, "", 1, 1, None),
            (NODE, MATHS, "Halves", "video", HALVES, CHANNEL, "d", "hau", "CC BY", "A", 1, 3, 90),
            (MATHS, CHANNEL, "Fractions", "topic", "y", CHANNEL, None, "en", None, "", 1, 2, None),
        ]
        connection.execute(
            "INSERT INTO content_channelmetadata VALUES (?, 'Our channel')", rows[0][:1]
        )
        marks = ", ".join("?" * 13)
        connection.executemany(f"INSERT INTO content_contentnode VALUES ({marks})", rows)
    connection.close()
    return path


def test_a_database_is_read_and_left_as_it_is(database):
    before = (database.read_bytes(), sorted(database.parent.iterdir()))
    assert recognise(database).name == "kolibri"
    document = Kolibri().open(database, ReadOptions())
    outcomes, resources, alignments = rows_in(document)
    assert document.dataset.extra["frameworks"] == [{"id": CHANNEL, "title": "Our channel"}]
    assert [(row.record.id, row.record.assignable) for row in outcomes] == [
        (CHANNEL, False),
        (MATHS, True),
    ]
    assert resources[0].record == Resource(
        id=HALVES,
        title="Halves",
        description="d",
        kind="video",
        language="ha",
        license="CC BY",
        extra={
            "author": "A",
            "duration_minutes": 1.5,
            "node_id": NODE,
            "channel_id": CHANNEL,
        },
    )
    assert [row.record for row in alignments] == [Alignment(resource=HALVES, outcome=MATHS)]
    assert (database.read_bytes(), sorted(database.parent.iterdir())) == before


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"CREATE TABLE content_contentnode", b"CREATE TABL\xff content_contentnod\xfe"),
        (b"tablecontent_contentnode", b"tablecontent_con\xfe\xffntnode"),
        # A record whose stated length is beyond all memory, as a search for bad bytes found it.
        (b"h\x01\x06\x173", b"\xff\xff\xff\xff\x78"),
    ],
)
def test_damage_that_sqlite_cannot_put_into_words_is_told_all_the_same(tmp_path, there, instead):
    path = tmp_path / "channel.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE content_contentnode (id TEXT, title TEXT)")
        connection.commit()
    content = path.read_bytes()
    assert there in content
    path.write_bytes(content.replace(there, instead))
    assert not is_channel(path)
    (refused,) = nodes(path)
    assert refused.reason.startswith("the database cannot be read from here on")
    with pytest.raises(GatewaysError, match="cannot be read"):
        channels(path)


def test_a_damaged_database_is_refused_and_nothing_is_raised(database):
    content = bytearray(database.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    database.write_bytes(bytes(content))
    rows = rows_in(Kolibri().open(database, ReadOptions()))
    assert all(isinstance(row, Refusal) for kind in rows for row in kind)
    assert rows[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.sqlite3", b"no database"),
        ("a.json", b"{}"),
        ("a.json", b'{"children": '),
        ("a.csv", b"children"),
    ],
)
def test_what_is_no_channel_is_an_error_for_a_person(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GatewaysError, match=f"{name}:"):
        Kolibri().open(tmp_path / name, ReadOptions())


@pytest.mark.parametrize(
    ("code", "tag"),
    [("hau", "ha"), ("zh_CN", "zh-CN"), ("be-tarask", "be-tarask"), ("pt-BR", "pt-BR")],
)
def test_codes_of_languages_become_tags(code, tag):
    assert bcp47(code) == tag


def test_a_code_that_is_none_stays_to_be_refused():
    assert bcp47("not a language") == "not a language"


def test_uuids_are_written_with_hyphens_and_without():
    assert hyphenated(hexadecimal("0f4f3c36-22a0-4d1c-9c8f-1f3d1b7fd9ec")) == (
        "0f4f3c36-22a0-4d1c-9c8f-1f3d1b7fd9ec"
    )
    assert (hyphenated("short"), hexadecimal("short")) == ("short", "short")
    assert (hyphenated("z" * 32), hexadecimal("z" * 36)) == ("z" * 32, "z" * 36)


NAMES = st.sampled_from(
    ["id", "title", "kind", "language", "license", "content_id", "source_id", "source_domain", "x"]
)
SIMPLE = st.none() | st.integers() | st.text(max_size=8) | st.dictionaries(NAMES, st.text())
NODES = st.recursive(
    SIMPLE,
    lambda inner: st.dictionaries(NAMES, SIMPLE).flatmap(
        lambda node: st.lists(inner, max_size=3).map(lambda below: node | {"children": below})
    ),
    max_leaves=8,
)


@pytest.mark.slow
@given(value=st.lists(NODES, max_size=3))
def test_nothing_that_a_tree_can_hold_raises_anything_else(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("tree") / "a.json"
    path.write_text(json.dumps([TREE, *value]), encoding="utf-8")
    try:
        document = Kolibri().open(path, ReadOptions())
    except GatewaysError:
        return
    rows_in(document)
