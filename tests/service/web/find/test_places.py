import json

import pytest

from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from service.web.find.places import places


@pytest.fixture
def imported(catalogue, dataset_folder):
    """Import a dataset of frameworks f and g that says this of them."""

    def take_in(described):
        rows = [{"id": id_, "framework": id_, "title": id_, "language": "en"} for id_ in "fg"]
        folder = dataset_folder(outcomes="".join(json.dumps(row) + "\n" for row in rows))
        said = {"name": "d", "frameworks": described}
        (folder / "dataset.json").write_text(json.dumps(said), encoding="utf-8")
        import_document(catalogue, open_document(folder, ReadOptions()))
        return {place.framework.id: place for place in places(catalogue)}

    return take_in


def test_a_framework_is_of_the_country_that_its_dataset_names(imported):
    found = imported([{"id": "g", "title": "G", "country": "Arvelle", "description": "All of it"}])
    assert (found["g"].country, found["g"].description) == ("Arvelle", "All of it")
    assert found["f"].country == ""


def test_those_with_a_country_come_first(imported):
    countries = [{"id": "f", "title": "F"}, {"id": "g", "title": "G", "country": "Zembla"}]
    assert next(iter(imported(countries))) == "g"


def test_what_is_no_text_is_no_country(imported):
    found = imported([{"id": "g", "title": "G", "country": ["Arvelle"], "description": 7}])
    assert (found["g"].country, found["g"].description) == ("", "")
