"""Takes from a task what a catalogue might not have, to see what it is worth."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from data.errors import GatewaysError
from data.records import Resource

if TYPE_CHECKING:
    from evaluation.alignment.protocol import Task


class Field(StrEnum):
    """What a model can be measured without."""

    SUBJECT = "subject"
    LEVELS = "levels"
    NEIGHBOURS = "neighbours"
    CATALOGUE = "catalogue"


def fields_of(words: str) -> frozenset[Field]:
    """The fields that `words` names, between commas. Raises GatewaysError for any other word."""
    named = {word.strip() for word in words.split(",") if word.strip()}
    if unknown := sorted(named - set(Field)):
        raise GatewaysError(
            f"--without {words}: «{unknown[0]}» is nothing that can be left out; "
            f"name some of {', '.join(Field)}, with commas between them"
        )
    return frozenset(Field(word) for word in named)


def without(task: "Task", fields: Collection[Field]) -> "Task":
    """The task with `fields` gone from its queries.

    Without neighbours nothing that was accepted is known; without the catalogue each query is
    alone, too.
    """
    if Field.CATALOGUE in fields:
        task = replace(task, catalogue=(), accepted={})
    elif Field.NEIGHBOURS in fields:
        task = replace(task, catalogue=task.queries, accepted={})
    return replace(task, queries=resources_without(task.queries, fields))


def resources_without(resources: Sequence[Resource], fields: Collection[Field]) -> list[Resource]:
    """The resources with `fields` gone from them."""
    gone = {Field.SUBJECT: ("subject", None), Field.LEVELS: ("levels", ())}
    changes: dict[str, Any] = dict(gone[field] for field in fields if field in gone)
    return [replace(resource, **changes) for resource in resources]
