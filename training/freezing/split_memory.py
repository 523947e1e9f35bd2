"""Which split each resource and outcome was given in the freezes before: a file of the workspace.

A family may grow, and two may become one; what was held back once stays so only if it is written
down.
"""

import json
from pathlib import Path

from data.durable import replace_text
from data.errors import GatewaysError
from data.records import Split
from data.splits import By, Splits


def memory_file(frozen: Path, by: By) -> Path:
    """Where it is kept: the two ways to split are two experiments."""
    return frozen / f"splits-by-{by}.json"


def read_memory(file: Path) -> Splits:
    """What is remembered, nothing at first. Raises GatewaysError when it cannot be read."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        resources, outcomes = said["resources"], said["outcomes"]
        return Splits(
            resources={id_: Split(name) for id_, name in resources.items()},
            outcomes={id_: Split(name) for id_, name in outcomes.items()},
        )
    except FileNotFoundError:
        return Splits()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewaysError(
            f"{file}: cannot be read ({error}); put back a copy of it, or delete it, and what was "
            "test data may then be trained on"
        ) from None


def remember(file: Path, before: Splits, now: Splits) -> None:
    """Add what is new, on the disk when this returns. Raises GatewaysError; the file then stays."""
    both = before.strictest_with(now)
    if both == before:
        return
    said = {"resources": both.resources, "outcomes": both.outcomes}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(said, ensure_ascii=False, indent=0, sort_keys=True)
        replace_text(file, text + "\n")
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be written ({error.strerror})") from None
