"""What a check says of one resource or of a platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """How a rule came out; `not known` means that nothing there tells."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_KNOWN = "not known"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, and what was found: a text with named places, and what stands in them."""

    result: Result
    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The text with what was found in its places."""
        return self.text % self.values if self.values else self.text


def passed(text: str = "", **values: object) -> Finding:
    """The rule is met."""
    return Finding(Result.PASSED, text, values)


def failed(text: str, **values: object) -> Finding:
    """The rule is not met; the text says what was found instead."""
    return Finding(Result.FAILED, text, values)


def not_known(text: str, **values: object) -> Finding:
    """Nothing there tells whether the rule is met."""
    return Finding(Result.NOT_KNOWN, text, values)


NOT_APPLICABLE = Finding(Result.NOT_APPLICABLE)
