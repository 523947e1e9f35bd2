"""Versions of the model as a person reads them, and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from models.bundles.released import Change
from training.registry.kinds import Kind
from training.registry.versions import Version


def summary(version: Version, kind: Kind) -> dict[str, Any]:
    """What the list says of a version, as JSON."""
    return {
        "version": kind.prefix + version.name,
        "aliases": list(version.aliases),
        "bundle": version.bundle,
        "base": version.base,
        "trained_on": version.trained_on,
        "created": version.created,
        **{name: version.metrics.get(name) for name in kind.figures.values()},
    }


def details(version: Version, kind: Kind, history: Sequence[Change]) -> dict[str, Any]:
    """All that is known of a version, as JSON; of the history what concerns it."""
    manifest, card = (_text(version.folder, name) for name in (kind.manifest, kind.card))
    return {
        **summary(version, kind),
        "metrics": dict(version.metrics),
        "parameters": dict(version.parameters),
        "dataset": version.dataset,
        "code": version.code,
        "forced": version.forced,
        "folder": str(version.folder),
        "reports": {data: str(path) for data, path in version.reports.items()},
        "manifest": json.loads(manifest) if manifest else None,
        "card": card,
        "history": [asdict(change) for change in history if change.version == version.name],
    }


def _text(folder: Path, name: str | None) -> str | None:
    file = folder / name if name else None
    return file.read_text(encoding="utf-8") if file and file.is_file() else None


def print_versions(versions: Sequence[Version], kind: Kind) -> None:
    """Print a table, a row a version."""
    table = Table(box=None)
    for column in ("version", "alias", "bundle", "base", "trained on", "created"):
        foldable = column in {"bundle", "base", "trained on"}
        table.add_column(column, overflow="fold", no_wrap=not foldable)
    for column in kind.figures:
        table.add_column(column, justify="right")
    for version in versions:
        figures = (version.metrics.get(name) for name in kind.figures.values())
        table.add_row(
            kind.prefix + version.name,
            ", ".join(version.aliases),
            version.bundle,
            version.base,
            version.trained_on,
            version.created[:10],
            *("–" if value is None else f"{value:.3f}" for value in figures),
        )
    Console().print(table)


def print_changes(changed: Mapping[str, Any]) -> None:
    """Print what changed from one version to another, as a comparison tells it in JSON."""
    table = Table(box=None)
    for column in ("slice", "resources", "measure", "before", "after", "change", "95 % interval"):
        table.add_column(column, overflow="fold")
    for part in [changed["overall"], *changed["slices"]]:
        where = f"{part['by']} «{part['name']}»" if part["by"] else "overall"
        for name, change in part["changes"].items():
            before, after = change["before"], change["after"]
            table.add_row(
                where,
                f"{part['queries']:,}",
                name,
                f"{before:.3f}",
                f"{after:.3f}",
                f"{after - before:+.3f}",
                f"{change['low']:+.3f} – {change['high']:+.3f}",
            )
            where = ""
    Console().print(table)


def print_details(version: Version, kind: Kind, history: Sequence[Change]) -> None:
    """Print all that is known of a version."""
    found = details(version, kind, history)
    card = found.pop("card")
    changes = found.pop("history")
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for name, value in found.items():
        if isinstance(value, dict):
            console.print(f"{name}:")
            for part, said in value.items():
                console.print(f"  {part}: {said}")
        else:
            console.print(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    console.print("history:" if changes else "history: it never served by a promotion here")
    for change in changes:
        why = "forced" if change["action"] == "promote" else "why"
        said = f", {why}: {change['reason']}" if change["reason"] else ""
        console.print(f"  {change['time']} {change['action']}{said}")
        for objection in change["objections"]:
            console.print(f"    - {objection}")
    if card:
        console.print(f"\n{card}")
