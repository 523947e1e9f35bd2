"""A bundle's model card: what it is, what it learned from, under which licence."""

from collections.abc import Mapping

from data.records import Dataset
from models.bundle import CARD, Bundle

TEXT = """\
---
base_model: {base}
license: {license}
---
# {name}

Low-rank weights (LoRA) for the encoder `{base}`, and a confidence fitted to the two together. They
bring learning resources near to the curriculum outcomes that they teach.

- **Learned from**: {dataset}, its train split; judged and calibrated on outcomes held out of it.
- **Source**: {source}
- **Licence of the data**: {license}. {attribution}
- **Made**: {created}, with {recipe}
- **Judged while training**: {figures}

Made again by `gateways train lora --dataset DIR`. It holds numbers that were fitted to those texts
and none of the texts. It suggests; a curator decides. It knows the languages of its base, but
learned from one dataset: measure it on yours (`gateways evaluate alignment --model FOLDER`).
"""


def write_card(bundle: Bundle, source: Dataset) -> None:
    """Write the card into the bundle's folder."""
    (bundle.folder / CARD).write_text(
        TEXT.format(
            base=bundle.base,
            license=source.license or "unknown",
            name=bundle.folder.name,
            dataset=bundle.trained_on,
            source=source.source or "not stated",
            attribution=source.attribution or "",
            created=bundle.created,
            recipe=_listed(bundle.recipe),
            figures=_listed(bundle.figures),
        ),
        encoding="utf-8",
    )


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
