"""The catalogue as LRMI, and back."""

import json
import shutil
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.lrmi_exporter import export_lrmi
from data.settings import load_settings

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture
def sample(sample_home):
    with Catalogue.open(load_settings(home=sample_home).catalogue_url) as catalogue:
        yield catalogue


@pytest.fixture
def outcomes_only(tmp_path):
    """The sample's frameworks in a folder of their own."""
    folder = tmp_path / "outcomes"
    folder.mkdir()
    shutil.copy(SAMPLE / "outcomes.jsonl", folder)
    return folder


def test_every_resource_is_a_line_with_what_it_is_aligned_to(sample, tmp_path):
    export_lrmi(sample, tmp_path / "all.jsonl")
    nodes = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert [node["identifier"] for node in nodes] == [one.id for one in sample.resources.live()]
    assert all(node["@type"] == "LearningResource" for node in nodes)
    wall = next(node for node in nodes if node["identifier"] == "en-fraction-wall")
    terms = {term["identifier"]: term for term in wall["teaches"]}
    term = terms["saltmere-equivalent-fractions"]
    assert term["inDefinedTermSet"]["name"] == "Saltmere Islands Learning Outcomes, Grades 3–8"


def test_a_catalogue_that_was_exported_holds_the_same_after_an_import(
    sample, outcomes_only, tmp_path
):
    export_lrmi(sample, tmp_path / "all.jsonl")
    home = tmp_path / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as other:
        import_document(other, open_document(outcomes_only, ReadOptions()))
        report = import_document(other, open_document(tmp_path / "all.jsonl", ReadOptions()))
        assert report.refused == 0
        assert list(other.resources.live()) == list(sample.resources.live())
        pairs = [(one.resource, one.outcome, one.relation) for one in sample.alignments.live()]
        assert [(one.resource, one.outcome, one.relation) for one in other.alignments.live()] == (
            pairs
        )


def test_a_place_that_cannot_be_written_to_is_an_error_for_a_person(sample, tmp_path):
    with pytest.raises(GatewaysError, match="cannot be written"):
        export_lrmi(sample, tmp_path / "no" / "all.jsonl")
