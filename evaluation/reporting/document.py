"""Templates → HTML pages that need no network and no script, and how figures are written there."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation.measures.metrics import TITLES
from evaluation.reporting import plots

TEMPLATES: Final = Path(__file__).parent / "templates"
RESPECTS = {
    "language": "Language",
    "subject": "Subject",
    "level": "Level",
    "kind": "Kind of resource",
    "frequency": "Resources per right outcome",
}


def environment(*folders: Path) -> Environment:
    """The templates of `folders` beside those of every page, with what they write figures with."""
    environment = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "figure": _figure,
        "number": "{:,}".format,
        "signed": _signed,
        "percent": _percent,
        "measure": lambda name: TITLES.get(name, name),
        "respect": lambda by: RESPECTS.get(by, by),
    }
    environment.globals["plots"] = plots
    return environment


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _signed(value: float) -> str:
    """A difference with its sign, if it has one."""
    rounded = round(value, 3)
    return f"{rounded:+.3f}".replace("-", "−") if rounded else "0.000"


def _percent(share: float) -> str:
    """A share as a percentage; what is neither none nor all is not rounded to either."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "under 1\u00a0%"
    if rounded == 100 and share < 1:
        return "over 99\u00a0%"
    return f"{rounded}\u00a0%"
