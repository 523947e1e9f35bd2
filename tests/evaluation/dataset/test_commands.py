import json

import pytest

from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.records import Alignment, Outcome, Prerequisite, Resource, Split
from evaluation.dataset.hold_out import read_labelled

SUBJECTS = ("Art", "Music", "History")


@pytest.fixture
def dataset(dataset_folder):
    """Three subjects of two outcomes, ten resources each, with a licence."""
    headings = [
        {"id": subject, "framework": "f", "title": subject, "subject": subject, "assignable": False}
        for subject in SUBJECTS
    ]
    outcomes = [
        {"id": f"{subject}{number}", "framework": "f", "parent": subject, "title": f"Part {number}"}
        for subject in SUBJECTS
        for number in range(2)
    ]
    resources = [
        {"id": f"{subject}-r{number}", "title": f"{subject} lesson {str(number) * 5}", "mark": "x"}
        for subject in SUBJECTS
        for number in range(10)
    ]
    rows = [
        f"{subject}-r{number},{subject}{number % 2},teaches,dev"
        for subject in SUBJECTS
        for number in range(10)
    ]
    rows.append("Art-r0,Music0,requires,dev")
    folder = dataset_folder(
        outcomes="".join(json.dumps(row) + "\n" for row in headings + outcomes),
        resources="".join(json.dumps(row) + "\n" for row in resources),
        alignments="\n".join(["resource,outcome,relation,split", *rows]) + "\n",
        prerequisites="outcome,requires\nArt1,Art0\nMusic1,Music0\n",
    )
    stated = {"name": "school", "license": "CC0-1.0", "attribution": "A ministry", "edition": 3}
    (folder / "dataset.json").write_text(json.dumps(stated))
    return folder


@pytest.fixture
def hold_out(run, dataset, tmp_path):
    def command(*words, out=tmp_path / "parts"):
        return run("evaluate", "hold-out", "--dataset", dataset, "--out", out, *words)

    return command


def opened(folder):
    return open_document(folder, ReadOptions())


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_both_parts_are_datasets_of_their_own(hold_out, tmp_path):
    status, printed, said = hold_out("--subjects", "Music")
    assert (status, printed) == (0, "")
    assert "left out: 1 resources that are aligned to both" in said
    learn, unseen = (opened(tmp_path / "parts" / name) for name in ("learn", "unseen"))
    assert (learn.dataset.name, unseen.dataset.name) == ("school-learn", "school-unseen")
    for found in (learn, unseen):
        assert (found.dataset.license, found.dataset.attribution) == ("CC0-1.0", "A ministry")
        assert found.dataset.extra == {
            "edition": 3,
            "part_of": "school",
            "held_out_subjects": ["Music"],
        }
        assert {Outcome, Resource, Alignment, Prerequisite} <= found.kinds
    whole = read_labelled(unseen)
    assert [one.id for one in whole.outcomes] == ["Music", "Music0", "Music1"]
    assert [one.extra for one in whole.resources] == [{"mark": "x"}] * 10
    assert {one.split for one in whole.alignments} == {Split.TRAIN, Split.TEST}
    assert [(one.outcome, one.requires) for one in whole.prerequisites] == [("Music1", "Music0")]
    rest = read_labelled(learn)
    assert len(rest.resources) == len(rest.alignments) == 19
    assert {one.split for one in rest.alignments} == {Split.DEV}


def test_every_other_command_takes_the_unseen_part(hold_out, run, tmp_path, tiny_folder):
    hold_out("--subjects", "Music")
    report = tmp_path / "report.json"
    words = ("--dataset", tmp_path / "parts" / "unseen", "--model", tiny_folder, "--json", report)
    assert run("evaluate", "alignment", *words)[0] == 0
    stated = json.loads(report.read_text())
    assert (stated["dataset"], stated["candidates"]) == ("school-unseen", 2)
    assert run("import", tmp_path / "parts" / "unseen")[0] == 0


def test_a_share_is_drawn(hold_out, tmp_path):
    assert hold_out("--share", "0.3", "--seed", "5")[0] == 0
    (held,) = opened(tmp_path / "parts" / "learn").dataset.extra["held_out_subjects"]
    assert held in SUBJECTS


def test_of_what_is_learned_from_a_part_is_kept_and_a_larger_one_has_it_too(hold_out, tmp_path):
    kept = {}
    for most in (4, 7, 100):
        out = tmp_path / str(most)
        assert hold_out("--subjects", "Music", "--most", str(most), out=out)[0] == 0
        assert len(read_labelled(opened(out / "unseen")).resources) == 10
        learn = read_labelled(opened(out / "learn"))
        kept[most] = {one.id for one in learn.resources}
        assert {one.resource for one in learn.alignments} == kept[most]
    assert [len(found) for found in kept.values()] == [4, 7, 19]
    assert kept[4] < kept[7] < kept[100]


def test_the_same_is_written_again(hold_out, tmp_path):
    for name in ("one", "two"):
        assert hold_out("--subjects", "Art,Music", out=tmp_path / name)[0] == 0
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 9  # no prerequisite is History's
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def test_mistakes_are_told_and_leave_nothing_behind(hold_out, tmp_path):
    there = set(tmp_path.iterdir())
    fails(hold_out("--subjects", "Musik"), "«Musik»", "Music (2 outcomes, 11 resources)")
    fails(hold_out("--subjects", "Art,Music,History"), "all subjects")
    fails(hold_out(), "--subjects", "--share")
    fails(hold_out("--subjects", "Art", "--share", "0.5"), "--subjects", "--share")
    taken = tmp_path / "dataset"
    fails(hold_out("--subjects", "Art", out=taken), str(taken), "something already")
    assert set(tmp_path.iterdir()) - there <= {tmp_path / "home"}


def test_a_folder_that_cannot_be_written_is_named(hold_out, tmp_path):
    (tmp_path / "file").touch()
    fails(hold_out("--subjects", "Art", out=tmp_path / "file" / "parts"), "cannot be written")


def test_a_dataset_without_subjects_is_named(run, dataset_folder, tmp_path):
    folder = dataset_folder(outcomes='{"id": "a", "title": "A"}\n')
    words = ("--dataset", folder, "--share", "0.5", "--out", tmp_path / "parts")
    fails(run("evaluate", "hold-out", *words), "no outcome has a subject")
