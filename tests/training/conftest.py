import pytest

from data.records import Outcome, Resource
from models.indexing import outcome_entries

WORDS = {
    "maths": ["abacus", "decimal", "fraction", "graph"],
    "music": ["melody", "rhythm", "chord", "scale"],
}


@pytest.fixture(scope="session")
def entries():
    """Eight outcomes under two headings."""
    outcomes = []
    for subject, words in WORDS.items():
        heading = Outcome(id=subject, framework="f", title=subject, assignable=False)
        outcomes.append(heading)
        outcomes += [
            Outcome(id=word, framework="f", parent=subject, title=word, description=f"About {word}")
            for word in words
        ]
    return outcome_entries(outcomes)


@pytest.fixture(scope="session")
def lessons_of(entries):
    """Three lessons for each outcome, and what they teach."""
    resources, gold = [], {}
    for entry in entries:
        for number in range(3):
            name = f"{entry.outcome.id} {number}"
            resources.append(Resource(id=name, title=f"a {entry.outcome.id} b", text="c d e"))
            gold[name] = frozenset({entry.outcome.id})
    return resources, gold
