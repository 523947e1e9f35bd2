import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.dataset_folder_writer import write_folder
from data.formats.protocol import ReadOptions
from data.formats.rows import FIELDS
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Event,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Provenance,
    Relation,
    Resource,
    Split,
)

# Every character that can be stored, those that break CSV and lines of text more often.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(CHARACTERS | st.sampled_from('",;\n\r\t \u2028\x85\ufeff'), max_size=12)
WORDS = TEXT.filter(str.strip)
OPTIONAL = st.none() | TEXT.filter(bool)
IDS = WORDS
LEVELS = st.lists(TEXT, max_size=3).map(tuple)
LANGUAGES = st.sampled_from([None, "en", "pt-BR", "zh-Hant", "qaa"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def extra(*kinds):
    """Fields of a source; in CSV they may even be called like ours."""
    ours = {name for kind in kinds for name in FIELDS[kind]}
    names = TEXT.filter(lambda name: name not in ours) | st.sampled_from(["extra", "keywords"])
    if not kinds:
        names |= st.sampled_from(["outcome", "agent", "time", "", " ", "extra"])
    return st.dictionaries(names, JSON, max_size=3)


OUTCOMES = st.builds(
    Outcome,
    id=IDS,
    framework=IDS,
    parent=st.none() | IDS,
    code=OPTIONAL,
    title=WORDS,
    description=TEXT,
    subject=OPTIONAL,
    levels=LEVELS,
    language=LANGUAGES,
    position=st.integers(-(2**31), 2**31 - 1),
    assignable=st.booleans(),
    extra=extra(Outcome),
)
RESOURCES = st.builds(
    Resource,
    id=IDS,
    title=TEXT,
    description=WORDS,
    text=TEXT,
    kind=OPTIONAL,
    subject=OPTIONAL,
    levels=LEVELS,
    language=LANGUAGES,
    url=OPTIONAL,
    license=OPTIONAL,
    extra=extra(Resource),
)
ORIGINS = st.none() | st.builds(Provenance, agent=TEXT.filter(bool), time=FLOATS, model=OPTIONAL)
ALIGNMENTS = st.builds(
    Alignment,
    resource=IDS,
    outcome=IDS,
    relation=st.sampled_from(Relation),
    split=st.none() | st.sampled_from(Split),
    provenance=ORIGINS,
    extra=extra(),
)
PREREQUISITES = st.builds(Prerequisite, outcome=IDS, requires=IDS, extra=extra())
CORRESPONDENCES = st.builds(
    Correspondence,
    outcome=IDS,
    other=IDS,
    match=st.sampled_from(Match),
    provenance=ORIGINS,
    extra=extra(),
)
INTERACTIONS = st.builds(
    Interaction,
    learner=IDS,
    resource=IDS,
    item=st.none() | IDS,
    outcomes=st.lists(IDS.filter(lambda name: ";" not in name), max_size=3).map(tuple),
    time=FLOATS,
    event=st.sampled_from(Event),
    score=st.none() | st.floats(0, 1),
    extra=extra(),
)
DATASETS = st.builds(
    Dataset,
    name=WORDS.map(str.strip),
    license=OPTIONAL,
    attribution=OPTIONAL,
    source=OPTIONAL,
    languages=st.lists(LANGUAGES.filter(bool), max_size=3).map(tuple),
    extra=st.dictionaries(st.sampled_from(["version", "contact"]), JSON, max_size=2),
)
KINDS = {
    Outcome: OUTCOMES,
    Resource: RESOURCES,
    Alignment: ALIGNMENTS,
    Prerequisite: PREREQUISITES,
    Correspondence: CORRESPONDENCES,
    Interaction: INTERACTIONS,
}


def read(folder):
    document = DatasetFolder().open(folder, ReadOptions())
    records = {}
    for kind in document.kinds:
        records[kind] = [getattr(item, "record", item) for item in document.read(kind)]
    return document.dataset, records


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_back_without_loss_and_in_order(kind, tmp_path_factory):
    @given(dataset=DATASETS, records=st.lists(KINDS[kind], max_size=4))
    def holds(dataset, records):
        folder = tmp_path_factory.mktemp("set")
        write_folder(folder, dataset, {kind: iter(records)})
        assert read(folder) == (dataset, {kind: records})

    holds()


SET = Dataset(name="maths")
RECORDS = {
    Outcome: [Outcome(id="o1", framework="f", title="Zählen", levels=("1",), extra={"n": [1]})],
    Resource: [],
    Alignment: [
        Alignment(resource="r,1", outcome="o1", split=Split.TEST),
        Alignment(
            resource="r2",
            outcome="o1",
            provenance=Provenance(agent="ana", time=12.0),
            extra={"note": 'so "so"', "votes": 3},
        ),
    ],
    Interaction: [
        Interaction(learner="l1", item="i", outcomes=("a", "b"), time=5.5, event=Event.SKIPPED)
    ],
}


def test_the_files_are_those_of_the_format(tmp_path):
    write_folder(tmp_path / "new" / "set", SET, RECORDS)
    content = {file.name: file.read_text("utf-8") for file in (tmp_path / "new" / "set").iterdir()}
    assert json.loads(content.pop("dataset.json"))["name"] == "maths"
    assert content == {
        "outcomes.jsonl": '{"id": "o1", "framework": "f", "parent": null, "code": null, '
        '"title": "Zählen", "description": "", "subject": null, "levels": ["1"], '
        '"language": null, "position": 0, "assignable": true, "n": [1]}\n',
        "resources.jsonl": "",
        "alignments.csv": "resource,outcome,relation,split,agent,time,model,note,extra\n"
        '"r,1",o1,teaches,test,,,,,\n'
        'r2,o1,teaches,,ana,12,,"so ""so""","{""votes"": 3}"\n',
        "interactions.csv": "learner,resource,item,outcome,time,event,score\n"
        "l1,,i,a;b,5.5,skipped,\n",
    }


def test_the_same_records_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_folder(tmp_path / name, SET, RECORDS)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_folder_can_be_rewritten_from_itself_and_other_files_stay(tmp_path):
    write_folder(tmp_path, SET, RECORDS)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    (tmp_path / "alignments.csv").rename(tmp_path / "notes.txt")
    document = DatasetFolder().open(tmp_path, ReadOptions())
    rows = (row.record for row in document.read(Outcome))
    write_folder(tmp_path, document.dataset, {Outcome: rows})
    before["notes.txt"] = before.pop("alignments.csv")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_compressed_file_gives_way_to_the_one_that_is_written(tmp_path):
    (tmp_path / "resources.jsonl.gz").write_bytes(b"old")
    write_folder(tmp_path, SET, {Resource: [Resource(id="r1", title="x")]})
    assert read(tmp_path)[1] == {Resource: [Resource(id="r1", title="x")]}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Resource(id="r9", title="\ud800"), "r9: holds half of a surrogate pair"),
        (Resource(id="r9", title="x", extra={"x": float("nan")}), "r9: cannot be written as JSON"),
        (Resource(id="r9", title="x", extra={"x": {1, 2}}), "r9: cannot be written as JSON"),
        (
            Resource(id="r9", title="x", extra={"url": "y"}),
            "r9: cannot be written: `extra` repeats",
        ),
        (
            Interaction(learner="l", item="i", outcomes=("a;b",), time=0, event=Event.VIEWED),
            "the outcome id `a;b` cannot be written",
        ),
        (Prerequisite(outcome="a\udfff", requires="b"), "holds half of a surrogate pair"),
    ],
)
def test_a_record_that_cannot_be_written_leaves_everything_as_it_was(tmp_path, record, message):
    write_folder(tmp_path, SET, RECORDS)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(GatewaysError, match=message):
        write_folder(tmp_path, Dataset(name="new"), {Outcome: [], type(record): [record]})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_full_disk_is_told_and_leaves_everything_as_it_was(tmp_path, monkeypatch):
    write_folder(tmp_path, SET, RECORDS)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GatewaysError, match="cannot be written: No space left on device"):
        write_folder(tmp_path, Dataset(name="new"), {Outcome: []})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "set").write_text("")
    with pytest.raises(GatewaysError, match="cannot be written: File exists"):
        write_folder(tmp_path / "set", SET, {})
