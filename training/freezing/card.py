"""A frozen dataset's card: what it is made of, under which licences, how it was split."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from data.records import Dataset
from data.splits import By
from models.languages import primary
from training.freezing.content import Content, Counts, counts_of

CARD: Final = "README.md"
HOW: Final = {
    By.OUTCOME: (
        "by outcome: no outcome of dev or test has a resource in train, as when a curriculum is "
        "new. A resource of several outcomes goes with one of them."
    ),
    By.RESOURCE: (
        "by resource: outcomes of dev and test may have other resources in train, as after some "
        "months of curation."
    ),
}
TEXT: Final = """\
---
pretty_name: {name}
license: other
license_name: {license}
{languages}tags: [curriculum-alignment]
---
# {name}

Resources, and the curriculum outcomes that they teach or assess (positive) or that curators said
they do not (negative, with the reason). Frozen from a catalogue; fingerprint `{fingerprint}`.

| split | accepted | rejected | resources | outcomes |
| --- | ---: | ---: | ---: | ---: |
{rows}

{resources:,} resources, in {families:,} families of near-duplicates; {outcomes:,} outcomes to
choose from.

- **Split** {how}
  Near-duplicates (Jaccard similarity of shingles ≥ .8) are in one split. A split that a source
  states or an earlier freeze gave is kept, and test wins; all else is drawn by a hash of its id:
  {dev:.0%} dev, {test:.0%} test.
- **Left out**: {left_out}.
- **People**: who decided, when, and what they noted is not in it.

It lies here twice: as a dataset folder (`gateways train … --dataset`, `gateways evaluate alignment
--dataset`; rejections in `rejections.csv`), and in `hf/` for `datasets.load_from_disk`, where
`weight` gives rows that are near-identical the weight of one.

## Sources

{sources}
"""


def write_card(content: Content, dataset: Dataset, fingerprint: str, folder: Path) -> None:
    """Write the card of `content`, which is called as `dataset` is, into `folder`."""
    counts = counts_of(content)
    text = TEXT.format(
        name=dataset.name,
        license=json.dumps(_line(dataset.license) or "not stated", ensure_ascii=False),
        languages=_languages(content),
        fingerprint=fingerprint,
        rows="\n".join(_row(split, found) for split, found in counts["splits"].items()),
        resources=counts["resources"],
        families=counts["resource_families"],
        outcomes=counts["outcomes"],
        how=HOW[content.plan.by],
        dev=content.plan.dev,
        test=content.plan.test,
        left_out=_left_out(counts) or "nothing",
        sources="\n".join(map(_source, content.sources)) or "Made in this catalogue.",
    )
    (folder / CARD).write_text(text, encoding="utf-8")


def _languages(content: Content) -> str:
    """A line for those of what it holds and those that the dataset says of itself, if any."""
    tags = {
        *content.dataset.languages,
        *(resource.language for resource in content.resources),
        *(outcome.language for outcome in content.outcomes),
    }
    found = {primary(tag) for tag in tags if tag} - {""}
    return f"language: {json.dumps(sorted(found))}\n" if found else ""


def _row(split: str, counts: Mapping[str, int]) -> str:
    cells = (counts[name] for name in ("accepted", "rejected", "resources", "outcomes"))
    return f"| {split} | " + " | ".join(f"{cell:,}" for cell in cells) + " |"


def _left_out(counts: Counts) -> str:
    found: Mapping[str, Any] = counts["left_out"]
    return ", ".join(f"{count:,} {why}" for why, count in found.items())


def _source(dataset: Dataset) -> str:
    said = {"licence": dataset.license, "source": dataset.source, "": dataset.attribution}
    parts = [f"{name} {_line(text)}".strip() for name, text in said.items() if text]
    return f"- **{_line(dataset.name)}**: " + ("; ".join(parts) or "nothing stated")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
