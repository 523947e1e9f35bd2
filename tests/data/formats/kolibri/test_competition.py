import gzip

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.kolibri.competition import Competition
from data.formats.protocol import ReadOptions
from data.formats.registry import recognise
from data.importing.importer import import_document
from data.records import Alignment, Outcome, Resource
from data.settings import load_settings

TOPICS = """id,title,description,channel,category,level,language,parent,has_content
t_1,Maths,All of it,c1,source,0,en,,False
t_2,Fractions,,c1,source,1,en,t_1,True
t_3,Sauti,,c2,aligned,0,swa,,True
"""
CONTENT = """id,title,description,kind,text,language,copyright_holder,license
r_1,Halves,Cut it,video,"Take a pizza,
cut it",en,Ann,CC BY
r_2,Sauti,,html5,,swa,,
"""
CORRELATIONS = "topic_id,content_ids\nt_2,r_1 r_2 r_1\nt_3,r_2 gone\nt_1,r_1\n"


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "competition"
    found.mkdir()
    (found / "topics.csv").write_text(TOPICS)
    (found / "content.csv.gz").write_bytes(gzip.compress(CONTENT.encode()))
    (found / "correlations.csv").write_text(CORRELATIONS)
    return found


@pytest.fixture
def read(folder):
    document = Competition().open(folder, ReadOptions())
    return lambda kind: [getattr(row, "record", row) for row in document.read(kind)]


def test_topics_are_outcomes_of_their_channel(read):
    maths, fractions, sound = read(Outcome)
    assert (maths.framework, maths.parent, maths.assignable) == ("c1", None, False)
    assert (fractions.parent, fractions.assignable, fractions.position) == ("t_1", True, 1)
    assert fractions.extra == {"category": "source", "level": "1"}
    assert (sound.framework, sound.language) == ("c2", "sw")


def test_content_is_resources(read):
    halves, sound = read(Resource)
    assert halves == Resource(
        id="r_1",
        title="Halves",
        description="Cut it",
        text="Take a pizza,\ncut it",
        kind="video",
        language="en",
        license="CC BY",
        extra={"copyright_holder": "Ann"},
    )
    assert (sound.language, sound.license) == ("sw", None)


def test_each_of_the_content_ids_is_an_alignment(read):
    assert read(Alignment)[:2] == [
        Alignment(resource="r_1", outcome="t_2"),
        Alignment(resource="r_2", outcome="t_2"),
    ]


def test_the_folder_is_imported_and_what_does_not_fit_is_refused_with_its_line(folder, tmp_path):
    assert recognise(folder).name == "competition"
    refused = []
    home = tmp_path / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
        document = Competition().open(folder, ReadOptions())
        import_document(catalogue, document, on_refusal=refused.append)
        assert [one.title for one in catalogue.frameworks.all()] == ["Maths", "c2"]
        assert catalogue.counts()["alignments"] == 3
    assert [(one.line, one.reason) for one in refused] == [
        (3, 'resource "gone" is not there'),
        (4, 'outcome "t_1" is a heading; align to an outcome below it'),
    ]


def test_correlations_may_be_missing_but_topics_may_not(folder):
    (folder / "correlations.csv").unlink()
    assert Competition().open(folder, ReadOptions()).kinds == {Outcome, Resource}
    (folder / "topics.csv").unlink()
    with pytest.raises(GatewaysError, match=r"a folder with topics.csv"):
        Competition().open(folder, ReadOptions())


def test_a_flag_that_is_none_is_refused(folder):
    (folder / "topics.csv").write_text(TOPICS.replace("t_1,True", "t_1,maybe"))
    rows = list(Competition().open(folder, ReadOptions()).read(Outcome))
    assert "assignable" in rows[1].reason
