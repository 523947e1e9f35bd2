"""Lists, benchmarks and reports whose figures can be worked out by hand."""

import pytest

from data.records import Outcome, Resource, Split
from evaluation.alignment.protocol import Prediction, Task
from evaluation.benchmark.questions import Benchmark
from evaluation.benchmark.report import Model, report_on


def make_prediction(resource, outcome, rank, confidence, *, selected=False):
    return Prediction(
        resource=resource,
        outcome=outcome,
        rank=rank,
        score=-rank,
        confidence=confidence,
        selected=selected,
    )


def make_benchmark(gold, *, resources=None, outcomes="abcdefgh"):
    """Outcomes of one letter below a heading, and a resource for each of the gold's queries."""
    heading = Outcome(id="heading", framework="f", title="Heading", assignable=False)
    nodes = [
        Outcome(id=id_, framework="f", parent="heading", title=f"Outcome {id_}") for id_ in outcomes
    ]
    queries = resources or [Resource(id=id_, title=f"Title {id_}") for id_ in gold]
    return Benchmark(
        dataset="made",
        split=Split.TEST,
        task=Task(queries=queries, outcomes=[heading, *nodes]),
        gold={query: frozenset(relevant) for query, relevant in gold.items()},
    )


def make_report(rights, *, name="model", confidence=0.8, resources=None):
    """A report on queries of which those that are true in `rights` have the right one shown.

    Of the others the right one stands in place 20 and a wrong one is shown.
    """
    gold = {f"r{number}": "a" for number in range(len(rights))}
    outcomes = "".join(chr(code) for code in range(ord("a"), ord("a") + 25))
    predictions = []
    for query, right in zip(gold, rights, strict=True):
        order = outcomes if right else outcomes[1:20] + "a" + outcomes[20:]
        predictions += [
            make_prediction(
                query, outcome, rank, confidence if rank == 1 else 0.01, selected=rank == 1
            )
            for rank, outcome in enumerate(order, start=1)
        ]
    benchmark = make_benchmark(gold, resources=resources, outcomes=outcomes)
    return report_on(benchmark, predictions, Model(name=name, fingerprint=name), 1.5)


@pytest.fixture(scope="session")
def prediction():
    return make_prediction


@pytest.fixture(scope="session")
def benchmark_of():
    return make_benchmark


@pytest.fixture(scope="session")
def report_of():
    return make_report
