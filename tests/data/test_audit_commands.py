import json
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from data.audit_commands import register
from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    found = load_settings(home=tmp_path / "home")
    with Catalogue.open(found.catalogue_url) as catalogue:
        for place, learner in enumerate(("maria", "juan"), 1):
            catalogue.learners.erase(learner, "root", place)
    return found


@pytest.fixture
def run(settings):
    app = typer.Typer()
    register(app)

    @app.callback()
    def options(context: typer.Context, _: Annotated[str, typer.Option()] = ""):
        context.obj = settings

    def run(*arguments, code=0):
        result = CliRunner().invoke(app, ["audit", *map(str, arguments)])
        if isinstance(result.exception, GatewaysError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.stdout

    return run


def test_a_trail_that_is_whole_is_told_so_and_its_head_is_found_again(run):
    head = run("head").strip()
    assert head.startswith("2:")
    assert run("verify", "--head", head) == ""


def test_another_head_is_no_longer_the_one_that_was_written_down(run):
    told = run("verify", "--head", f"2:{'0' * 64}", code=1)
    assert told == "entry 2 is not the one that was written down\n"


def test_an_export_is_checked_without_the_catalogue(run, tmp_path):
    out = tmp_path / "trail.jsonl"
    run("export", out)
    lines = out.read_text().splitlines()
    assert run("verify", "--file", out) == ""
    changed = {**json.loads(lines[0]), "about": "7"}
    out.write_text("\n".join([json.dumps(changed), lines[1]]) + "\n")
    assert run("verify", "--file", out, code=1) == "entry 1 (erasure 7) was changed\n"


@pytest.mark.parametrize("line", ["{}", "[1]", "x", '{"number": "x"}', "[" * 50_000])
def test_a_file_that_is_no_trail_is_refused(run, tmp_path, line):
    out = tmp_path / "trail.jsonl"
    out.write_text(line + "\n")
    with pytest.raises(GatewaysError, match="not an entry of a trail"):
        run("verify", "--file", out)


@pytest.mark.parametrize("given", ["7", "x:y", f"x:{'0' * 64}", "1:abc"])
def test_a_head_that_is_none_is_refused(run, given):
    with pytest.raises(GatewaysError, match="write it as"):
        run("verify", "--head", given)


def test_nothing_is_written_over(run, tmp_path):
    out = tmp_path / "trail.jsonl"
    out.write_text("mine")
    with pytest.raises(GatewaysError, match="cannot be written"):
        run("export", out)
