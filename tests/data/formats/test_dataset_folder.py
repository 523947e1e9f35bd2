import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.dataset_folder import DATASET_FILE, FILES, DatasetFolder
from data.formats.protocol import ReadOptions, Refusal
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Resource,
)

DATA = Path(os.environ.get("GATEWAYS_DATA", Path(__file__).parents[4] / "shared" / "data"))


def fill(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


@pytest.fixture
def open_folder(tmp_path):
    def open_folder(files, **options):
        return DatasetFolder().open(fill(tmp_path / "maths", files), ReadOptions(**options))

    return open_folder


def test_plain_and_compressed_files_are_read_in_their_order(open_folder):
    document = open_folder(
        {
            "dataset.json": '{"name": "m", "license": "CC0-1.0", "languages": ["en"], "year": 1}',
            "outcomes.jsonl.gz": '{"id": "o2", "framework": "f", "title": "B"}\n'
            '{"id": "o1", "framework": "f", "title": "A", "parent": "o2"}\n',
            "resources.jsonl": '{"id": "r1", "title": "R", "keywords": ["k"]}\n',
            "alignments.csv": "resource,outcome,relation,split\nr1,o1,teaches,test\n",
            "prerequisites.csv.gz": "outcome,requires\no1,o2\n",
            "crosswalk.csv": "outcome,other,match\no1,o2,broader\n",
            "interactions.csv": "learner,resource,outcome,time,event,score\n"
            "l1,r1,o1;o2,5,attempted,0.5\n",
        }
    )
    expected = Dataset(name="m", license="CC0-1.0", languages=("en",), extra={"year": 1})
    assert document.dataset == expected
    assert document.kinds == set(FILES)
    outcomes = list(document.read(Outcome))
    assert [(row.record.id, row.line) for row in outcomes] == [("o2", 1), ("o1", 2)]
    assert outcomes[0].file.endswith("maths/outcomes.jsonl.gz")
    (resource,) = document.read(Resource)
    assert resource.record == Resource(id="r1", title="R", extra={"keywords": ["k"]})
    (alignment,) = document.read(Alignment)
    assert (alignment.line, alignment.record.split) == (2, "test")
    (prerequisite,) = document.read(Prerequisite)
    assert prerequisite.record == Prerequisite(outcome="o1", requires="o2")
    (line,) = document.read(Correspondence)
    assert line.record == Correspondence(outcome="o1", other="o2", match=Match.BROADER)
    (interaction,) = document.read(Interaction)
    assert interaction.record.outcomes == ("o1", "o2")


def test_a_folder_without_dataset_json_gives_its_name_to_dataset_and_framework(open_folder):
    document = open_folder({"outcomes.jsonl": '{"id": "o1", "title": "A"}'})
    assert document.dataset == Dataset(name="maths")
    assert document.kinds == {Outcome}
    assert [row.record.framework for row in document.read(Outcome)] == ["maths"]
    assert list(document.read(Resource)) == []


def test_defaults_fill_what_a_row_lacks(open_folder):
    document = open_folder(
        {
            "outcomes.jsonl": '{"id": "o1", "title": "A", "language": ""}\n'
            '{"id": "o2", "title": "A", "language": "fr"}'
        },
        defaults={"language": "es", "framework": "f"},
    )
    found = [(row.record.framework, row.record.language) for row in document.read(Outcome)]
    assert found == [("f", "es"), ("f", "fr")]


def test_a_bad_row_of_any_file_is_refused_with_file_and_line_and_the_rest_is_read(open_folder):
    document = open_folder(
        {
            "resources.jsonl": '{"id": 1, "title": "x"}\n{"id": "r1", "title": "x"}\n{"id"\n',
            "interactions.csv": "learner,item,time,event\nl1,i1,0,viewed\nl1,i1,x,viewed\n",
        }
    )
    first, row, last = document.read(Resource)
    assert row.record.id == "r1"
    assert str(first).endswith("resources.jsonl:1: id is 1; it must be a text in quote marks")
    assert str(last).endswith(
        "resources.jsonl:3: malformed JSON at column 6: Expecting ':' delimiter"
    )
    row, refusal = document.read(Interaction)
    assert (row.record.item, refusal.line) == ("i1", 3)


def test_a_text_of_fifty_megabytes_is_refused_and_the_next_row_is_read(open_folder):
    text = "x" * 50_000_000
    document = open_folder(
        {"resources.jsonl": f'{{"id": "r1", "title": "{text}"}}\n{{"id": "r2", "title": "x"}}\n'}
    )
    refusal, row = document.read(Resource)
    assert "the line has 50,000,026 bytes; the limit is 6,065,536: shorten its text" in str(refusal)
    assert row.record.id == "r2"


def test_an_alignment_file_without_outcomes_is_one_refusal(open_folder):
    (refusal,) = open_folder({"alignments.csv": "resource,unit\na,b\nc,d\n"}).read(Alignment)
    assert refusal.reason == "there is no column `outcome`; the columns are: resource, unit"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "dataset.json:1: malformed JSON at column 2"),
        (b'{\n"name": "caf\xe9"}', "dataset.json:2: byte 0xE9 at column 13 is not UTF-8"),
        (b"[]", "dataset.json: this is not a JSON object"),
        (b'{"name": 5}', "dataset.json: name is 5; it must be a text"),
        (b'{"languages": "en"}', 'dataset.json: languages is "en"; it must be a list'),
        (b'{"languages": ["english"]}', 'languages is "english"; it must be a BCP 47 tag'),
        (b'{"x": "\\u0000"}', "dataset.json: x holds a NUL character"),
        (b" " * 50_000_001, "dataset.json: more than 50,000,000 bytes"),
    ],
)
def test_a_wrong_dataset_json_is_an_error_that_says_where(open_folder, content, message):
    with pytest.raises(GatewaysError) as caught:
        open_folder({"dataset.json": content})
    assert message in str(caught.value)


def test_a_file_that_is_there_twice_is_an_error(open_folder):
    with pytest.raises(GatewaysError, match=r"both outcomes.jsonl and outcomes.jsonl.gz are there"):
        open_folder({"outcomes.jsonl": "", "outcomes.jsonl.gz": ""})


def test_a_folder_named_like_a_file_is_not_one(tmp_path):
    (tmp_path / "outcomes.jsonl").mkdir()
    assert not DatasetFolder().recognises(tmp_path)


@given(
    name=st.sampled_from([DATASET_FILE, *FILES.values()]),
    content=st.binary(max_size=200)
    | st.text(st.sampled_from('{}":,;\n\r idtle0')).map(str.encode)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5)).map(
        lambda d: json.dumps(d).encode()
    ),
    compressed=st.booleans(),
)
def test_any_bytes_as_a_file_are_rows_refusals_or_an_error_for_a_person(
    tmp_path_factory, name, content, compressed
):
    folder = tmp_path_factory.mktemp("any")
    (folder / (f"{name}.gz" if compressed else name)).write_bytes(content)
    try:
        document = DatasetFolder().open(folder, ReadOptions())
    except GatewaysError:
        return
    for kind in FILES:
        for item in document.read(kind):
            assert isinstance(item, Refusal) or isinstance(item.record, kind)


@pytest.mark.skipif(not (DATA / "oak").is_dir(), reason="the real data sets are not here")
@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("oak", Outcome, 1753),
        ("oak", Resource, 12_517),
        ("oak", Alignment, 12_646),
        ("pradigi-hi", Resource, 811),
        ("learner/mars-en", Interaction, 25_567),
    ],
)
def test_every_row_of_a_real_data_set_is_read(name, kind, count):
    document = DatasetFolder().open(DATA / name, ReadOptions())
    rows = list(document.read(kind))
    assert [str(item) for item in rows if isinstance(item, Refusal)] == []
    assert len(rows) == count
