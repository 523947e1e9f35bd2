"""The commands of this room, as a person types them."""

import json
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from data.catalogue import Catalogue
from data.commands import register
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.settings import load_settings
from data.workspace import Workspace

OUTCOMES = [
    {"id": "m", "framework": "f", "title": "Mathematics", "assignable": False},
    {"id": "m1", "framework": "f", "parent": "m", "title": "Fractions"},
]
RESOURCES = [{"id": "r1", "title": "Halves"}, {"id": "r2", "title": "Thirds"}]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def run(home):
    app = typer.Typer()
    register(app)

    @app.callback()
    def options(context: typer.Context, home_: Annotated[Path, typer.Option("--home")] = home):
        context.obj = load_settings(home=home_)

    def run(*arguments, code=0):
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        if isinstance(result.exception, GatewaysError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "dataset"
    path.mkdir()
    (path / "dataset.json").write_text('{"name": "d"}')
    write(path / "outcomes.jsonl", OUTCOMES)
    write(path / "resources.jsonl", RESOURCES)
    (path / "alignments.csv").write_text("resource,outcome\nr1,m1\n")
    return path


def write(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def catalogue(home):
    return Catalogue.open(load_settings(home=home).catalogue_url)


def test_import_prints_what_became_of_the_rows(run, folder, home):
    result = run("import", folder)
    lines = [line.split("│") for line in result.stdout.splitlines() if "│" in line]
    cells = {line[1].strip(): [cell.strip() for cell in line[2:-1]] for line in lines}
    assert cells["outcomes"] == ["2", "0", "0", "0", "0", "0"]
    assert cells["resources"][0] == "2"
    assert "5 rows in" in result.stderr
    assert "gateways index" in result.stderr
    with catalogue(home) as opened:
        assert opened.counts()["alignments"] == 1
    assert "Nothing that is indexed has changed" in run("import", folder).stderr


def test_import_prints_json(run, folder):
    write(folder / "resources.jsonl", [*RESOURCES, {"id": "r1", "title": "Again"}, {"id": "x"}])
    report = json.loads(run("import", folder, "--json").stdout)
    assert report["counts"]["resources"] == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 2,
        "removed": 0,
        "retired": 0,
    }
    assert report["refused"] == 2
    assert report["rows"] == 7
    assert [one["line"] for one in report["refusals"]] == [3, 4]


def test_refusals_name_file_line_and_reason_and_the_import_counts(run, folder):
    with (folder / "alignments.csv").open("a") as file:
        file.write("r1,nothing\n")
    result = run("import", folder)
    assert f'{folder}/alignments.csv:3: outcome "nothing" is not there' in result.stderr


def test_many_refusals_are_cut_and_written_to_a_file(run, folder, tmp_path):
    with (folder / "alignments.csv").open("a") as file:
        file.writelines(f"r1,nothing-{number}\n" for number in range(1100))
    result = run("import", folder, "--refusals", tmp_path / "refusals.txt")
    assert result.stderr.count("is not there") == 20
    assert "… and 1,080 more: --refusals FILE" in result.stderr
    assert len((tmp_path / "refusals.txt").read_text().splitlines()) == 1100
    with pytest.raises(GatewaysError, match="cannot be written"):
        run("import", folder, "--refusals", tmp_path / "no" / "folder.txt")


def test_an_import_of_which_no_row_is_taken_ends_with_status_two(run, tmp_path):
    write(tmp_path / "resources.jsonl", [{"id": "r1", "title": ""}])
    run("import", tmp_path / "resources.jsonl", "--kind", "resources", code=2)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (["nothing-there"], NotFoundError, "nothing-there"),
        (["FOLDER", "--format", "xyz"], NotFoundError, "xyz"),
        (["FOLDER", "--column", "title"], GatewaysError, "--column title: write it as NAME=VALUE"),
        (["FOLDER", "--default", "=x"], GatewaysError, "--default =x"),
    ],
)
def test_a_mistake_of_the_users_is_said_plainly(run, folder, arguments, error, said):
    with pytest.raises(error, match=said):
        run("import", *(str(folder) if one == "FOLDER" else one for one in arguments))


def test_a_dry_run_changes_nothing_and_needs_no_lock(run, folder, home):
    with Workspace(home).writing("index"):
        result = run("import", folder, "--dry-run")
        with pytest.raises(ConflictError, match="gateways index"):
            run("import", folder)
    assert "dry run" in result.stdout
    assert "Nothing was changed" in result.stderr
    with catalogue(home) as opened:
        assert sum(opened.counts().values()) == 0


def test_prune_retires_what_is_gone(run, folder, home):
    run("import", folder)
    write(folder / "resources.jsonl", RESOURCES[:1])
    assert "1 resource is not in the dataset any more (r2)" in run("import", folder).stderr
    result = run("import", folder, "--prune")
    assert "(r2): retired" in result.stderr
    assert "gateways index" in result.stderr
    with catalogue(home) as opened:
        assert opened.counts()["resources"] == 1


def test_a_table_is_imported_by_its_columns_and_defaults(run, tmp_path, home):
    (tmp_path / "lessons.csv").write_text("number,name\n7,Halves\n8,Thirds\n")
    run(
        *("import", tmp_path / "lessons.csv", "--kind", "resources", "--default", "language=en"),
        *("--column", "id=number", "--column", "title=name"),
    )
    with catalogue(home) as opened:
        assert [(one.id, one.title, one.language) for one in opened.resources.live()] == [
            ("7", "Halves", "en"),
            ("8", "Thirds", "en"),
        ]


def test_a_table_without_ids_is_imported_with_ids_made_of_its_rows(run, tmp_path, home):
    (tmp_path / "lessons.csv").write_text("title\nHalves\nThirds\n")
    for _ in range(2):
        run("import", tmp_path / "lessons.csv", "--make-ids")
    with catalogue(home) as opened:
        assert sorted(one.title for one in opened.resources.live()) == ["Halves", "Thirds"]


def test_with_a_key_in_the_settings_an_import_keeps_pseudonyms(run, folder, home, monkeypatch):
    header = "learner,item,time,event"
    (folder / "interactions.csv").write_text(f"{header}\nana@school.example,i,1,viewed\n")
    assert "looks like a name or an address" in run("import", folder).stderr
    monkeypatch.setenv("GATEWAYS_LEARNER_KEY", "a key that nobody guesses")
    run("import", folder)
    with catalogue(home) as opened:
        (kept,) = opened.learners.ids().items
        assert kept.learner.startswith("p-")


def test_decide_keeps_a_decision(run, folder, home):
    run("import", folder)
    pair = ("--resource", "r2", "--outcome", "m1")
    said = run("decide", *pair, "reject", "--reason", "too advanced", "--note", "for older ones")
    assert "Decision 1: reject m1 for r2" in said.stderr
    with catalogue(home) as opened:
        (kept,) = opened.ledger.all()
        assert (kept.reason, kept.note, kept.curator) == ("too advanced", "for older ones", "cli")
        assert opened.ledger.rejected("r2") == {"m1"}
    said = json.loads(run("decide", *pair, "undo", "--curator", "ann", "--json").stdout)
    assert (said["id"], said["decision"], said["curator"]) == (2, "undo", "ann")
    with catalogue(home) as opened:
        assert opened.ledger.rejected("r2") == frozenset()
    with pytest.raises(ConflictError, match="to undo"):
        run("decide", *pair, "undo")
    with pytest.raises(NotFoundError, match="'none'"):
        run("decide", "--resource", "none", "--outcome", "m1", "accept")
    with pytest.raises(NotFoundError, match="no suggestions were shown under the id 'never'"):
        run("decide", *pair, "accept", "--suggestion", "never")
    run("decide", *pair, "perhaps", code=2)
    run("decide", *pair, "reject", "--reason", "no such reason", code=2)


def test_export_writes_a_folder_that_imports_again(run, folder, tmp_path):
    run("import", folder)
    run("decide", "--resource", "r2", "--outcome", "m1", "accept")
    run("export", tmp_path / "out")
    result = run("--home", tmp_path / "other", "import", tmp_path / "out", "--json")
    report = json.loads(result.stdout)
    assert (report["refused"], report["counts"]["alignments"]["new"]) == (0, 2)
    run("export", tmp_path / "decisions.csv", "--what", "decisions")
    run("export", tmp_path / "alignments.csv", "--what", "alignments")
    run("export", tmp_path / "all.jsonl", "--what", "lrmi")
    assert (tmp_path / "decisions.csv").read_text().count("accept") == 1
    assert (tmp_path / "alignments.csv").read_text().count("m1") == 2
    with pytest.raises(GatewaysError, match="new folder"):
        run("export", tmp_path / "out")


def test_a_framework_is_exported_as_case_and_imported_again(run, folder, home, tmp_path):
    run("import", folder)
    with pytest.raises(GatewaysError, match="--framework"):
        run("export", tmp_path / "f.json", "--what", "case")
    file = tmp_path / "f.json"
    options = ("--alignments", "--case-version", "1.1", "--crosswalk", "none")
    run("export", file, "--what", "case", "--framework", "f", *options)
    package = json.loads(file.read_text())
    assert [one["fullStatement"] for one in package["CFItems"]] == ["Mathematics", "Fractions"]
    types = {one["associationType"] for one in package["CFAssociations"]}
    assert types == {"isChildOf", "exemplar"}
    assert package["CFDocument"]["uri"].startswith("http://127.0.0.1:8000/ims/case/v1p0/")
    run("import", file)
    with catalogue(home) as opened:
        assert opened.counts()["frameworks"] == 2
