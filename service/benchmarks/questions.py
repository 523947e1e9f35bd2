"""Questions that nobody has asked a service before, without end."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Final

from models.text import resource_text
from service.benchmarks.made_up import MadeUp

PATH: Final = "/v1/suggestions"
UNHEARD_OF: Final = 10**9
"""The number of the first text; resources of a catalogue have smaller ones."""


def texts() -> Iterator[str]:
    """Their texts."""
    made = MadeUp(0)
    return (resource_text(made.resource(number)) for number in count(UNHEARD_OF))


def bodies(asked: Iterator[str]) -> Iterator[bytes]:
    """What is posted to PATH to ask these."""
    return (json.dumps({"text": text, "language": "en"}).encode() for text in asked)
