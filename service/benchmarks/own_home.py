"""A home of a benchmark's own, apart from the catalogue that people work in."""

import os
from pathlib import Path

from data.settings import Settings
from models.bundles.named import MINILM


def own_settings(home: Path) -> Settings:
    """What `own_environment` makes the program see there, for what is done beside it."""
    return Settings.model_construct(home=home, encoder=MINILM)


def own_environment() -> dict[str, str]:
    """That of this process without settings, which may name the catalogue that people work in."""
    found = os.environ.items()
    others = {name: value for name, value in found if not name.upper().startswith("GATEWAYS_")}
    return others | {"GATEWAYS_ENCODER": MINILM}
