"""From a real catalogue to the files of a dataset, through everything."""

import json
import signal
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path

import datasets
import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.formats.rejections import Aspect, read_rejections
from data.importing.importer import import_document
from data.records import (
    Alignment,
    Correspondence,
    Decision,
    Outcome,
    RejectionReason,
    Resource,
    Split,
    Verdict,
)
from data.settings import load_settings
from data.splits import By
from evaluation.alignment.protocol import read_gold, read_task
from training.freezing.folder import open_frozen
from training.freezing.freeze import freeze
from training.labelled import read_lessons

OUTCOMES, RESOURCES = 60, 240


def title(number):
    """A title that is like that of no other number."""
    return sha256(str(number).encode()).hexdigest()[:24]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def source(dataset_folder):
    """A dataset without splits; each outcome has four resources."""

    def write(name="maths", resources=RESOURCES, alignments=None, **more):
        root = {"id": "root", "framework": "f", "title": "Mathematics", "assignable": False}
        outcomes = [
            {"id": f"o{n}", "framework": "f", "parent": "root", "title": title(n * 7 + 1)}
            for n in range(OUTCOMES)
        ]
        lessons = [
            {"id": f"r{n}", "title": title(n * 3), "language": "en"} for n in range(resources)
        ]
        rows = alignments or [f"r{n},o{n % OUTCOMES},teaches," for n in range(resources)]
        folder = dataset_folder(
            name,
            outcomes=lines([root, *outcomes]),
            resources=lines(lessons),
            alignments="resource,outcome,relation,split\n" + "\n".join(rows) + "\n",
            **more,
        )
        (folder / "dataset.json").write_text(
            json.dumps({"name": name, "license": "CC0-1.0", "attribution": "A. Teacher"})
        )
        return folder

    return write


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def catalogue(settings):
    settings.home.mkdir()
    with Catalogue.open(settings.catalogue_url) as opened:
        yield opened


def take(catalogue, folder):
    document = open_document(folder, ReadOptions())
    assert import_document(catalogue, document, prune=True).refused == 0


def decide(catalogue, verdict, resource, outcome, reason=None):
    return catalogue.ledger.decide(
        Decision(
            resource=resource,
            outcome=outcome,
            verdict=verdict,
            reason=reason,
            note="Ask Wilhelmina",
            curator="Wilhelmina Harker",
            time=1.0,
        )
    )


def rows_of(frozen, kind=Alignment):
    return [row.record for row in open_document(frozen.folder, ReadOptions()).read(kind)]


def splits_of(frozen):
    return {(one.resource, one.outcome): one.split for one in rows_of(frozen)}


def test_a_frozen_dataset_is_learned_from_and_evaluated_on_like_any_other(
    catalogue, source, settings
):
    take(catalogue, source())
    frozen = freeze(settings)
    document = open_document(frozen.folder, ReadOptions())
    lessons = read_lessons(document)
    gold = read_gold(document, Split.TEST)
    assert len(lessons.learn.resources) + len(lessons.judge.resources) + len(gold) == RESOURCES
    assert len(read_task(document, Split.TEST).outcomes) == OUTCOMES + 1
    tested = set().union(*gold.values())
    assert tested
    assert tested.isdisjoint(set().union(*lessons.learn.gold.values()))
    assert document.dataset.name == lessons.dataset == f"frozen-{frozen.fingerprint[:8]}"


def test_what_a_crosswalk_says_is_the_same_stays_on_one_side_and_is_kept(
    catalogue, source, settings
):
    same = [(f"o{n}", f"o{n + 1}") for n in range(0, OUTCOMES, 2)]
    crosswalk = "outcome,other,match\n" + "".join(f"{a},{b},exact\n" for a, b in same)
    take(catalogue, source(crosswalk=crosswalk + "o1,o2,related\n"))
    frozen = freeze(settings)
    split_of = {outcome: split for (_, outcome), split in splits_of(frozen).items()}
    assert len(set(split_of.values())) == 3
    assert all(split_of[one] is split_of[other] for one, other in same)
    assert len(rows_of(frozen, Correspondence)) == len(same) + 1
    assert open_frozen(frozen.folder).fingerprint == frozen.fingerprint


def test_both_forms_hold_the_same_labels_with_their_texts(catalogue, source, settings):
    take(catalogue, source())
    decide(catalogue, Verdict.REJECT, "r0", "o0", RejectionReason.TOO_BASIC)
    frozen = freeze(settings, by=By.RESOURCE)
    table = datasets.load_from_disk(frozen.folder / "hf")
    rows = [row | {"split": split} for split, found in table.items() for row in found]
    names = table["train"].features["label"].names
    positive = {
        (r["resource"], r["outcome"]): r["split"] for r in rows if names[r["label"]] == "positive"
    }
    assert positive == splits_of(frozen)
    (negative,) = [row for row in rows if names[row["label"]] == "negative"]
    assert (negative["reason"], negative["aspect"]) == ("too basic", "level")
    assert negative["resource_text"] == title(0)
    assert negative["outcome_text"] == f"Mathematics › {title(1)}"
    assert negative["resource_language"] == "en"
    (rejection,) = read_rejections(frozen.folder)
    assert (rejection.resource, rejection.aspect, rejection.split) == (
        "r0",
        Aspect.LEVEL,
        negative["split"],
    )
    assert ("r0", "o0") not in positive


def test_undone_and_deferred_decisions_are_as_if_they_never_were(catalogue, source, settings):
    take(catalogue, source())
    before = freeze(settings)
    decide(catalogue, Verdict.ACCEPT, "r0", "o1")
    decide(catalogue, Verdict.UNDO, "r0", "o1")
    decide(catalogue, Verdict.REJECT, "r2", "o2")
    decide(catalogue, Verdict.UNDO, "r2", "o2")
    decide(catalogue, Verdict.DEFER, "r3", "o7")
    assert freeze(settings).fingerprint == before.fingerprint


def test_what_curators_accepted_is_in_it(catalogue, source, settings):
    take(catalogue, source())
    split = splits_of(freeze(settings))
    here, there = (
        next(p for p, where in split.items() if where is name) for name in (Split.DEV, Split.TEST)
    )
    other = next(p[1] for p, where in split.items() if where is Split.DEV and p[1] != here[1])
    decide(catalogue, Verdict.ACCEPT, here[0], other)
    decide(catalogue, Verdict.ACCEPT, here[0], there[1])
    frozen = freeze(settings)
    assert splits_of(frozen) == split | {(here[0], other): Split.DEV}
    assert frozen.counts["left_out"] == {"accepted across splits": 1}


def test_no_file_names_a_curator_or_says_what_they_noted(catalogue, source, settings):
    take(catalogue, source())
    decide(catalogue, Verdict.ACCEPT, "r0", "o1")
    decide(catalogue, Verdict.REJECT, "r1", "o1", RejectionReason.OTHER)
    folder = freeze(settings, by=By.RESOURCE).folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path for path in files if b"Wilhelmina" in path.read_bytes()] == []


def test_the_same_contents_are_frozen_once_and_cannot_be_written_to(catalogue, source, settings):
    take(catalogue, source())
    first = freeze(settings)
    written = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    again = freeze(settings)
    assert (first.made, again.made) == (True, False)
    assert (again.fingerprint, again.folder, again.counts) == (
        first.fingerprint,
        first.folder,
        first.counts,
    )
    assert first.folder.name == first.fingerprint
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == written
    assert {path.stat().st_mode & 0o222 for path in written if path.is_file()} == {0}
    assert {path.name for path in first.folder.parent.iterdir()} == {
        first.fingerprint,
        "splits-by-outcome.json",
    }


def test_the_fingerprint_is_of_the_contents_wherever_and_whenever_they_are_frozen(
    catalogue, source, settings, tmp_path
):
    folder = source()
    take(catalogue, folder)
    elsewhere = load_settings(home=tmp_path / "elsewhere")
    elsewhere.home.mkdir()
    with Catalogue.open(elsewhere.catalogue_url) as other:
        take(other, folder)
        here, there = freeze(settings), freeze(elsewhere, tmp_path / "out")
        assert here.fingerprint == there.fingerprint
        assert there.folder == tmp_path / "out"
        decide(other, Verdict.REJECT, "r1", "o1")
        assert freeze(elsewhere).fingerprint != here.fingerprint
    assert freeze(settings, by=By.RESOURCE).fingerprint != here.fingerprint


def test_what_is_test_stays_test_when_the_catalogue_grows(catalogue, source, settings):
    take(catalogue, source(resources=120))
    before = splits_of(freeze(settings))
    take(catalogue, source(resources=240))
    # Near-duplicates of test resources, with ids that sort before theirs, and train outcomes.
    trained = next(outcome for (_, outcome), where in before.items() if where is Split.TRAIN)
    tested = [resource for (resource, _), where in before.items() if where is Split.TEST]
    for resource in tested:
        twin = Resource(id=f"!{resource}", title=title(int(resource[1:]) * 3).upper() + "!")
        catalogue.resources.create(twin)
        decide(catalogue, Verdict.ACCEPT, twin.id, trained)
    frozen = freeze(settings)
    assert splits_of(frozen).items() >= before.items()
    assert len(splits_of(frozen)) == 240
    assert frozen.counts["left_out"] == {"accepted across splits": len(tested)}


def test_a_twin_of_a_test_resource_that_is_gone_is_test(catalogue, source, settings):
    take(catalogue, source(resources=120))
    before = splits_of(freeze(settings, by=By.RESOURCE))
    tested = [resource for (resource, _), where in before.items() if where is Split.TEST]
    gone = [f"r{n}" for n in range(120) if f"r{n}" in tested]
    take(catalogue, source(resources=120, alignments=["r0,o0,teaches,"]))
    for number, resource in enumerate(gone):
        catalogue.resources.create(Resource(id=f"new{number}", title=title(int(resource[1:]) * 3)))
        decide(catalogue, Verdict.ACCEPT, f"new{number}", "o5")
    after = splits_of(freeze(settings, by=By.RESOURCE))
    assert {where for (one, _), where in after.items() if one.startswith("new")} == {Split.TEST}


def test_splits_that_a_source_states_are_kept_though_a_curator_says_the_same(
    catalogue, source, settings
):
    names = ["train", "dev", "test"]
    rows = [f"r{n},o{n % OUTCOMES},teaches,{names[n % 3]}" for n in range(RESOURCES)]
    take(catalogue, source(alignments=rows))
    for n in range(20):
        decide(catalogue, Verdict.ACCEPT, f"r{n}", f"o{n}")
    found = splits_of(freeze(settings, by=By.RESOURCE))
    assert found == {(f"r{n}", f"o{n % OUTCOMES}"): Split(names[n % 3]) for n in range(RESOURCES)}


def test_a_source_that_was_split_by_resource_is_told_of(catalogue, source, settings, caplog):
    rows = [f"r{n},o{n % 20},teaches,{'test' if n < 20 else 'train'}" for n in range(RESOURCES)]
    take(catalogue, source(alignments=rows))
    freeze(settings)
    assert "220 of 240 accepted alignments are left out" in caplog.text
    assert "--by resource" in caplog.text
    assert len(splits_of(freeze(settings, by=By.RESOURCE))) == RESOURCES


def test_frameworks_in_which_nothing_is_labelled_are_no_candidates(
    catalogue, source, settings, dataset_folder
):
    take(catalogue, source())
    other = lines([{"id": "x", "framework": "g", "title": "Elsewhere"}])
    take(catalogue, dataset_folder("other", outcomes=other))
    frozen = freeze(settings)
    assert {one.framework for one in rows_of(frozen, Outcome)} == {"f"}
    assert frozen.counts["outcomes"] == OUTCOMES


def test_an_empty_catalogue_and_one_of_rejections_alone_cannot_be_frozen(
    catalogue, source, settings, dataset_folder
):
    with pytest.raises(GatewaysError, match="no alignment to freeze"):
        freeze(settings)
    outcome = lines([{"id": "o", "framework": "f", "title": "t"}])
    resource = lines([{"id": "r", "title": "t"}])
    take(catalogue, dataset_folder("d", outcomes=outcome, resources=resource))
    decide(catalogue, Verdict.REJECT, "r", "o")
    with pytest.raises(GatewaysError, match="no alignment to freeze"):
        freeze(settings)
    assert not (settings.home / "frozen").exists()


def test_a_place_that_is_taken_is_refused(catalogue, source, settings, tmp_path):
    take(catalogue, source())
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "note.txt").write_text("mine")
    with pytest.raises(GatewaysError, match="there is something already"):
        freeze(settings, mine)
    with pytest.raises(GatewaysError, match="there is something already"):
        freeze(settings, mine / "note.txt")
    freeze(settings, tmp_path / "out")
    decide(catalogue, Verdict.REJECT, "r1", "o1")
    with pytest.raises(GatewaysError, match="another dataset was frozen there"):
        freeze(settings, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "maths", "mine", "out"]


def test_a_frozen_dataset_that_was_changed_is_refused(catalogue, source, settings):
    take(catalogue, source())
    frozen = freeze(settings)
    file = frozen.folder / "alignments.csv"
    file.chmod(0o644)
    file.write_text(file.read_text().replace(",test", ",train", 1))
    for check in (lambda: open_frozen(frozen.folder), lambda: freeze(settings)):
        with pytest.raises(GatewaysError, match=r"alignments\.csv is damaged; delete the folder"):
            check()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 2}'])
def test_a_folder_whose_manifest_says_nothing_is_no_frozen_dataset(tmp_path, content):
    (tmp_path / "frozen.json").write_text(content)
    with pytest.raises(GatewaysError):
        open_frozen(tmp_path)
    with pytest.raises(GatewaysError, match=r"frozen\.json"):
        open_frozen(tmp_path / "nowhere")


def test_the_card_names_sources_licences_counts_and_fingerprint(catalogue, source, settings):
    from huggingface_hub import DatasetCard

    take(catalogue, source())
    frozen = freeze(settings)
    card = DatasetCard.load(frozen.folder / "README.md")
    assert card.data.license_name == "CC0-1.0"
    assert frozen.fingerprint in card.text
    assert "- **maths**: licence CC0-1.0; A. Teacher" in card.text
    train = frozen.counts["splits"]["train"]
    assert (
        f"| train | {train['accepted']} | 0 | {train['resources']} | {train['outcomes']} |"
        in card.text
    )


@pytest.mark.parametrize(
    ("tags", "languages"), [(["pt-BR", "en"], ["en", "pt"]), (["und", None], None)]
)
def test_the_card_names_the_languages_of_what_it_holds(
    catalogue, source, settings, tags, languages
):
    from huggingface_hub import DatasetCard

    folder = source(resources=2)
    rows = [{"id": f"r{n}", "title": title(n), "language": tag} for n, tag in enumerate(tags)]
    (folder / "resources.jsonl").write_text(lines(rows))
    take(catalogue, folder)
    assert DatasetCard.load(freeze(settings).folder / "README.md").data.language == languages


@pytest.mark.slow
@pytest.mark.parametrize("step", ["write_rows", "write_card", "_seal", "sync"])
def test_a_kill_leaves_nothing_half_and_the_next_freeze_is_whole(catalogue, source, settings, step):
    take(catalogue, source())
    script = f"""
        import os, signal
        from pathlib import Path
        from data.settings import load_settings
        from training.freezing import freeze
        from training.freezing import folder as frozen_folder
        frozen_folder.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        freeze.freeze(load_settings(home=Path({str(settings.home)!r})))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    killed = subprocess.run(command, cwd=Path.cwd(), check=False)
    assert killed.returncode == -signal.SIGKILL
    names = {path.name for path in (settings.home / "frozen").iterdir()}
    assert names == {".part", "splits-by-outcome.json"}
    frozen = freeze(settings)
    assert frozen.made
    assert len(splits_of(frozen)) == RESOURCES
    assert not (settings.home / "frozen" / ".part").exists()
