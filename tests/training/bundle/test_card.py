import pytest

from data.records import Dataset
from models.bundles.bundle import CARD, read_bundle
from models.bundles.named import BUNDLES, SHIPPED
from training.bundle.card import card

OAK = Dataset(
    name="oak",
    license="OGL-UK-3.0",
    source="Oak National Academy curriculum ontology (oaknational/oak-curriculum-ontology)",
    attribution="Contains public sector information from Oak National Academy, licensed under the "
    "Open Government Licence v3.0.",
)


@pytest.mark.parametrize("name", BUNDLES)
def test_the_card_of_a_bundle_that_ships_says_what_its_manifest_says(name):
    folder = SHIPPED / name
    assert (folder / CARD).read_text(encoding="utf-8") == card(read_bundle(folder), name, OAK)
