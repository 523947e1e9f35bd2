import json

import pytest

from evaluation.strangers.protocol import OWN, TEXTS, TITLES, read_texts

pytestmark = pytest.mark.usefixtures("loaded_once")

TITLES_OF = ("Add fractions", "Measure angles", "The water cycle", "The theorem of Pythagoras")
OUTCOMES = [
    {"id": f"o{n}", "framework": "isles", "language": "en", "title": title}
    for n, title in enumerate(TITLES_OF)
]
RESOURCES = [
    {"id": f"r{n}", "language": "en", "title": title, "description": "A lesson for this outcome."}
    for n, title in enumerate(TITLES_OF)
]
ALIGNMENTS = "resource,outcome,relation,split\n" + "".join(
    f"r{n},o{n},teaches,test\n" for n in range(4)
)


@pytest.fixture
def measure(run, dataset_folder, tmp_path):
    def measured(*options, texts=None):
        lines = {
            name: "".join(json.dumps(row) + "\n" for row in rows)
            for name, rows in (("outcomes", OUTCOMES), ("resources", RESOURCES))
        }
        folder = dataset_folder(**lines, alignments=ALIGNMENTS)
        file = tmp_path / "figures.json"
        if texts is not None:
            (tmp_path / "texts.json").write_text(texts)
            options += ("--texts", tmp_path / "texts.json")
        arguments = ("--dataset", folder, "--model", "minilm", "--json", file, *options)
        status, out, err = run("evaluate", "strangers", *arguments)
        found = json.loads(file.read_text()) if status == 0 else None
        return status, out, err, found

    return measured


def test_each_group_is_measured_beside_the_resources_of_the_dataset(measure):
    status, out, _, found = measure(
        texts=json.dumps({"elsewhere": ["xkcd", "cheap flights"], "here": ["measuring angles"]})
    )
    assert status == 0, out
    groups = {group["name"]: group for group in found["groups"]}
    assert list(groups) == [OWN, TITLES, "elsewhere", "here"]
    assert [group["texts"] for group in groups.values()] == [4, 4, 2, 1]
    assert groups[OWN]["shown"] == groups["here"]["shown"] == 1
    assert groups["elsewhere"]["shown"] == groups["elsewhere"]["shown_each"] == 0
    assert groups["elsewhere"]["first_confidence"] < groups["here"]["first_confidence"]
    assert groups[OWN]["area"] is None
    assert groups["elsewhere"]["area"] == 1
    assert [word for word in ("elsewhere", "shown", "first", "area") if word not in out] == []


def test_the_texts_that_ship_are_asked_where_no_others_are_given(measure):
    _, _, _, found = measure()
    sizes = {group["name"]: group["texts"] for group in found["groups"][2:]}
    assert sizes == {name: len(texts) for name, texts in read_texts(TEXTS).items()}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("[]", "Input should be an object; give a JSON object of names"),
        ('{"a": "b"}', "a: Input should be a valid array"),
        ('{"a": ["b", 1]}', "a → 1: Input should be a valid string"),
        ("{", "Invalid JSON"),
        ("{}", "no group of texts is in it"),
        ('{"a": ["b"], "c": [], "d": []}', "no text in «c», «d»; give each group a text"),
        ('{"resources": ["b"]}', "«resources» is what the dataset's own are called"),
    ],
)
def test_a_file_of_another_kind_is_told_what_is_wanted(measure, texts, said):
    status, _, err, _ = measure(texts=texts)
    assert status == 2
    assert "texts.json" in err
    assert said in " ".join(err.split())


def test_a_file_that_is_not_there_is_told(measure, tmp_path):
    status, _, err, _ = measure("--texts", tmp_path / "gone.json")
    assert status == 2
    assert "gone.json: cannot be read (No such file or directory)" in " ".join(err.split())


def test_the_texts_that_ship_are_many_each_once():
    groups = read_texts(TEXTS)
    assert list(groups) == ["nothing said", "everyday", "other subjects", "taught"]
    every = [text for texts in groups.values() for text in texts]
    assert len(set(every)) == len(every) > 450
