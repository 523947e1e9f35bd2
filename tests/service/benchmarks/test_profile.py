import pytest

from data.errors import GatewaysError
from service.benchmarks.profile import ELSE, sampled, stage_of


@pytest.mark.parametrize(
    ("stack", "stage"),
    [
        (
            "Thread.run (x.py:9);Batcher._work (/app/service/engine/batching.py:81);e (y.py:1)",
            "encoding",
        ),
        (
            "Aligner.rank (/app/models/alignment/aligner.py:1);"
            "Features.of (/app/models/ranking/features.py:9)",
            "rank: features",
        ),
        ("rank (/app/models/alignment/aligner.py:1);sort (numpy/x.py:9)", "rank: all else"),
        ("run (asyncio/events.py:80);app (starlette/routing.py:1)", ELSE),
    ],
)
def test_a_stack_belongs_to_its_innermost_stage(stack, stage):
    assert stage_of(stack) == stage


def test_without_the_profiler_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GatewaysError, match="pip install py-spy"), sampled(1):
        pass
