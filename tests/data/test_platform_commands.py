"""The commands of platforms, as a person types them."""

import json
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from data.commands import register
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.settings import load_settings

ADD = ("platforms", "add", "ke", "--name", "Shelf", "--operator", "Ministry")


@pytest.fixture
def run(tmp_path):
    app = typer.Typer()
    register(app)

    @app.callback()
    def options(context: typer.Context, home: Annotated[str, typer.Option()] = ""):
        context.obj = load_settings(home=tmp_path / "home")

    def run(*arguments):
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        if isinstance(result.exception, GatewaysError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "lessons.csv"
    file.write_text("id,title\nr1,Halves\n")
    return file


def listed(run):
    return {one["id"]: one for one in json.loads(run("platforms", "list", "--json"))}


def test_a_platform_is_noted_with_its_datasets_listed_and_forgotten(run, table):
    run("import", table)
    run(
        *ADD,
        "--language",
        "sw",
        "--language",
        "en",
        "--url",
        "https://ke.org",
        "--dataset",
        "lessons",
    )
    told = listed(run)["ke"]
    assert (told["languages"], told["url"]) == (["sw", "en"], "https://ke.org")
    assert told["datasets"] == ["lessons"]
    assert "ke  Shelf  Ministry  lessons" in run("platforms", "list")
    run("platforms", "assign", "lessons", "none")
    assert listed(run)["ke"]["datasets"] == []
    run("platforms", "remove", "ke")
    assert listed(run) == {}


def test_an_import_for_a_platform_makes_the_dataset_its_and_takes_none_of_another(run, table):
    run(*ADD)
    run("import", table, "--platform", "ke", "--dry-run")
    assert listed(run)["ke"]["datasets"] == []
    run("import", table, "--platform", "ke")
    run("import", table)
    assert listed(run)["ke"]["datasets"] == ["lessons"]
    run("platforms", "add", "tz", "--name", "Other", "--operator", "Others")
    with pytest.raises(ConflictError, match="'lessons' is of another platform"):
        run("import", table, "--platform", "tz")
    with pytest.raises(NotFoundError, match="'ug' is not known"):
        run("import", table, "--platform", "ug")


def test_what_cannot_be_is_refused_and_nothing_is_kept(run):
    with pytest.raises(GatewaysError, match="url begins with"):
        run(*ADD, "--url", "ke.org")
    with pytest.raises(NotFoundError, match="dataset 'lessons'"):
        run(*ADD, "--dataset", "lessons")
    assert listed(run) == {}
    run(*ADD)
    with pytest.raises(ConflictError, match="there already"):
        run(*ADD)
