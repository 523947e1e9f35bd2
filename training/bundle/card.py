"""A bundle's model card: what it is, what it learned from, under which licence."""

from collections.abc import Mapping

from data.records import Dataset
from models.bundles.bundle import CARD, Bundle

TEXT = """\
---
base_model: {base}
license: {license}
---
# {name}

For the encoder `{base}`: {parts}.
They bring learning resources near to the curriculum outcomes that they teach, order what is near,
and say how sure that is.

- **Learned from**: {dataset}, its train split; judged, ranked and calibrated on outcomes held out
  of what the encoder learned from.
- **Source**: {source}
- **Licence of the data**: {license}. {attribution}
- **Made**: {created}, with {recipe}
- **Judged while training**: {figures}

Made again by `gateways train {way} --dataset DIR{options}`.

It holds numbers that were fitted to those texts and none of the texts. It suggests; a curator
decides. It knows the languages of its base, but learned from one dataset: measure it on yours, with
`gateways evaluate alignment --model FOLDER`.
"""
PARTS = {
    "encoder": "all its weights, of which the upper layers were trained",
    "low_rank": "low-rank weights (LoRA)",
    "adapter": "a map of its vectors",
    "ranker": "a ranker",
}


def write_card(bundle: Bundle, name: str, source: Dataset) -> None:
    """Write the card of a bundle that is to be called `name` into its folder."""
    (bundle.folder / CARD).write_text(card(bundle, name, source), encoding="utf-8")


def card(bundle: Bundle, name: str, source: Dataset) -> str:
    """What the manifest of a bundle says, and of the dataset that it learned from, for people."""
    return TEXT.format(
        base=bundle.base,
        license=source.license or "unknown",
        name=name,
        dataset=bundle.trained_on,
        source=source.source or "not stated",
        attribution=source.attribution or "",
        created=bundle.created,
        recipe=_listed(bundle.recipe),
        figures=_listed(bundle.figures) or "nothing",
        parts=", ".join([*_parts(bundle), "and a confidence fitted to all that"]),
        way=bundle.recipe.get("way", "lora"),
        options=_options(bundle),
    )


def _options(bundle: Bundle) -> str:
    """What the command is to be told where it would do otherwise by itself."""
    said = {} if bundle.low_rank else {"base": bundle.base}
    said |= {
        name: bundle.recipe[name] for name in ("epochs", "runs", "share") if name in bundle.recipe
    }
    if "translations" in bundle.recipe:  # of the lists only a fingerprint is kept
        said |= {"translations": "LISTS"}
    return "".join(f" --{name} {value}" for name, value in said.items())


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _parts(bundle: Bundle) -> list[str]:
    return [said for name, said in PARTS.items() if getattr(bundle, name) is not None]
