"""Gold alignments → what an encoder learns from: outcomes, each with its resources, as texts.

Both sides are seen in several forms, since a catalogue to come may have titles alone, a flat list
of outcomes, or neither descriptions nor paths.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from data.records import Resource
from models.entry import Entry
from models.languages import primary
from models.text import PATH_SEPARATOR, outcome_text, resource_text
from training.labelled import Labelled
from training.word_lists import NO_WORDS, WordLists

# How often a resource is its title alone, or its title and description.
TITLE_ALONE, NO_BODY = 0.45, 0.1
# How often an outcome stands without its ancestors, or without its description.
NO_PATH, NO_DESCRIPTION = 0.25, 0.25
# How often one that has an equal in another language is seen as that.
SWITCHED = 0.3
NO_EQUALS: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """`resources[i]` teach `entries[i]`; `places` are the entries [..] that a resource teaches.

    What teaches an outcome teaches its equals in other frameworks, so theirs are among the places.
    `translations[i]` are those in other languages. `rejected` are the outcomes that a curator said
    no to for a resource. `words` are translated in their texts, now and then.
    """

    entries: Sequence[Entry]
    resources: Sequence[Sequence[Resource]]
    places: Mapping[str, frozenset[int]]
    translations: Sequence[Sequence[Entry]]
    rejected: Mapping[str, Sequence[Entry]]
    words: WordLists = NO_WORDS

    def __len__(self) -> int:
        return sum(map(len, self.resources))


def examples_of(
    entries: Sequence[Entry],
    labelled: Labelled,
    same: Mapping[str, frozenset[str]] = NO_EQUALS,
    words: WordLists = NO_WORDS,
) -> Examples:
    """Pair resources with their relevant outcomes; outcomes that nothing teaches are left out.

    `same` tells the equals of an outcome, by their ids.
    """
    resources, gold = labelled.resources, labelled.gold
    known = {entry.outcome.id: entry for entry in entries}
    taught: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        for outcome in sorted(gold.get(resource.id, ())):
            taught[outcome].append(resource)
    there = [entry for entry in entries if entry.outcome.id in taught]
    place = {entry.outcome.id: number for number, entry in enumerate(there)}
    return Examples(
        entries=there,
        resources=[taught[entry.outcome.id] for entry in there],
        places={
            resource.id: frozenset(
                place[found]
                for right in gold[resource.id]
                for found in {right} | same.get(right, frozenset())
                if found in place
            )
            for resource in resources
            if resource.id in gold
        },
        translations=[_translations(entry, known, same) for entry in there],
        rejected={
            resource: [known[found] for found in sorted(outcomes) if found in known]
            for resource, outcomes in labelled.rejected.items()
        },
        words=words,
    )


def _translations(
    entry: Entry, known: Mapping[str, Entry], same: Mapping[str, frozenset[str]]
) -> list[Entry]:
    """The equals of an outcome whose language is known to be another."""
    own = entry.outcome.language
    equals = (known[id_] for id_ in sorted(same.get(entry.outcome.id, ())) if id_ in known)
    return [
        found
        for found in equals
        if own and found.outcome.language and primary(found.outcome.language) != primary(own)
    ]


def resource_view(
    resource: Resource, generator: np.random.Generator, words: WordLists = NO_WORDS
) -> str:
    """One of the texts that the resource might have had; of `words` some are translated."""
    draw = generator.random()
    if draw < TITLE_ALONE:
        resource = replace(resource, description="", text="")
    elif draw < TITLE_ALONE + NO_BODY:
        resource = replace(resource, text="")
    return words.switch(resource_text(resource), resource.language, generator)


def outcome_view(
    entry: Entry,
    generator: np.random.Generator,
    translations: Sequence[Entry] = (),
    words: WordLists = NO_WORDS,
) -> str:
    """One of the texts that the outcome might have had, now and then in another language.

    That is the text of one of its `translations`, or its own with some of its `words` translated.
    """
    if translations and generator.random() < SWITCHED:
        entry = translations[int(generator.integers(len(translations)))]
    draw = generator.random()
    if draw < NO_PATH:
        text = outcome_text(entry.outcome, entry.path[-1:])
    elif draw < NO_PATH + NO_DESCRIPTION:
        text = PATH_SEPARATOR.join(entry.path)
    else:
        text = outcome_text(entry.outcome, entry.path)
    return words.switch(text, entry.outcome.language, generator)
