from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.catalogue.keys import Role
from data.errors import ConflictError, NotFoundError
from data.importing.importer import import_document
from data.records import Platform, Resource

PLATFORM = Platform(
    id="ke",
    name="Kenya's shelf",
    operator="Ministry of Education",
    url="https://example.org",
    license="CC-BY-4.0",
    languages=("sw", "en"),
    contact="shelf@example.org",
    note="A trial.",
    created=5.0,
)


@pytest.fixture
def catalogue(catalogue_url, document):
    with Catalogue.open(catalogue_url) as opened:
        for name in ("one", "two"):
            import_document(opened, document(Resource(id=name, title="t"), name=name))
        yield opened


def test_a_platform_is_kept_as_it_is_and_replaced_under_its_id(catalogue):
    catalogue.platforms.put(PLATFORM)
    assert catalogue.platforms.get("ke") == PLATFORM
    other = Platform(id="ke", name="Shelf", operator="Others", created=6.0)
    catalogue.platforms.put(other)
    assert catalogue.platforms.all() == [other]
    assert catalogue.platforms.get("tz") is None


def test_a_dataset_is_of_one_platform_and_no_import_changes_that(catalogue, document):
    catalogue.platforms.put(PLATFORM)
    catalogue.platforms.assign("one", "ke")
    import_document(catalogue, document(Resource(id="one", title="new"), name="one"))
    assert catalogue.platforms.of_datasets() == {"one": "ke"}
    assert catalogue.platforms.datasets_of("ke") == ["one"]
    catalogue.platforms.assign("one", None)
    assert catalogue.platforms.of_datasets() == {}


def test_a_first_import_that_is_killed_leaves_the_dataset_to_its_platform(
    catalogue, document, monkeypatch
):
    catalogue.platforms.put(PLATFORM)
    made = document(Resource(id="three", title="t"), name="three")

    def read(document, kind):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(made), "read", read)
    with pytest.raises(KeyboardInterrupt):
        import_document(catalogue, made, platform="ke")
    assert catalogue.platforms.of_datasets() == {"three": "ke"}
    catalogue.platforms.put(replace(PLATFORM, id="tz"))
    with pytest.raises(ConflictError, match="'three' is of another platform"):
        import_document(catalogue, made, platform="tz", dry_run=True)


def test_the_datasets_of_a_platform_that_is_removed_are_of_none(catalogue):
    catalogue.platforms.put(PLATFORM)
    catalogue.platforms.assign("two", "ke")
    key, _ = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=1.0, platform="ke")
    catalogue.platforms.remove("ke")
    assert catalogue.platforms.all() == []
    assert catalogue.platforms.of_datasets() == {}
    assert [one.name for one in catalogue.datasets.all()] == ["one", "two"]
    assert catalogue.keys.all() == [key]  # of "ke" as ever, so that it opens no more than before
    with pytest.raises(NotFoundError, match="'ke' is not known"):
        catalogue.platforms.remove("ke")


def test_what_there_is_not_is_neither_assigned_nor_given_a_key(catalogue):
    catalogue.platforms.put(PLATFORM)
    with pytest.raises(NotFoundError, match="dataset 'three'"):
        catalogue.platforms.assign("three", "ke")
    with pytest.raises(NotFoundError, match="platform 'tz'"):
        catalogue.platforms.assign("one", "tz")
    with pytest.raises(NotFoundError, match="platform 'tz'"):
        catalogue.keys.create("Ada", Role.CURATOR, by="root", now=1.0, platform="tz")
