from pathlib import Path

import pytest

from data.errors import GatewaysError
from evaluation.workers.commands import workers


def test_too_few_texts_for_so_many_workers_are_refused_before_the_work():
    with pytest.raises(GatewaysError, match=r"16 workers need 8192 texts.*--texts 8192 or more"):
        workers(None, Path("none"), count=16, texts=4096)
