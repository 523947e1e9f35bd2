import json

import pytest
from typer.testing import CliRunner

import gateways


def run(*arguments):
    return CliRunner().invoke(gateways.app, ["bench", "index", *map(str, arguments)])


@pytest.mark.slow
def test_each_kind_is_measured_beside_flat_and_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("GATEWAYS_MILVUS", str(tmp_path / "lite.db"))
    kept, file = tmp_path / "kept", tmp_path / "figures.json"
    kinds = ("--kind", "ivfpq", "--kind", "milvus")
    answer = run("--rows", 1000, *kinds, "--folder", kept, "--json", file)
    assert answer.exit_code == 0, answer.output
    flat, other, milvus = json.loads(file.read_text())
    assert [one["kind"] for one in (flat, other, milvus)] == ["flat", "ivfpq", "milvus"]
    assert milvus["searched"]["recall"] == 1  # so few are looked at one by one
    assert flat["searched"]["recall"] == 1
    assert other["searched"]["recall"] > 0.9
    assert set(other["filtered"]) == {"10%", "1%"}
    assert other["filtered"]["1%"]["recall"] > 0.98
    assert "queries/s" in answer.stdout
    made = (kept / "ivfpq.faiss").stat()
    assert run("--rows", 1000, "--kind", "ivfpq", "--folder", kept).exit_code == 0
    assert (kept / "ivfpq.faiss").stat() == made


def test_a_kind_there_is_not_is_refused_with_those_there_are():
    answer = run("--rows", 1000, "--kind", "annoy")
    assert answer.exit_code != 0
    assert "flat, hnsw, ivfpq" in str(answer.exception or answer.output)


@pytest.mark.slow
def test_a_folder_of_other_vectors_is_refused(tmp_path):
    assert run("--rows", 1000, "--kind", "flat", "--folder", tmp_path).exit_code == 0
    answer = run("--rows", 2000, "--kind", "flat", "--folder", tmp_path)
    assert answer.exit_code != 0
    assert "1,000" in str(answer.exception or answer.output)
    answer = run("--rows", 1000, "--kind", "flat", "--folder", tmp_path, "--seed", 1)
    assert answer.exit_code != 0
    assert "seed 0" in str(answer.exception or answer.output)
