import json

import numpy as np
import pytest
from typer.testing import CliRunner

import gateways
from data.errors import GatewaysError
from service.benchmarks.latency import measure


def test_every_resource_is_timed_alone_with_the_aligner_and_over_http(settings):
    found = measure(settings, 10)
    times = np.stack([found.bare, found.aligner, found.http])
    assert times.shape == (3, 2)  # of four resources, two warm the server up
    assert (times > 0).all()
    assert found.ratio == np.median(found.http) / np.median(found.bare)


def test_without_a_resource_to_ask_with_the_command_that_brings_some_is_named(empty_settings):
    with pytest.raises(GatewaysError, match="gateways import"):
        measure(empty_settings, 10)


def test_without_an_index_the_command_that_makes_one_is_named(settings):
    (settings.home / "snapshots").rename(settings.home / "elsewhere")
    with pytest.raises(GatewaysError, match="gateways index"):
        measure(settings, 10)


def test_the_command_prints_all_three_and_the_ratio(settings):
    command = ["--home", str(settings.home), "bench", "latency", "--json"]
    answer = CliRunner().invoke(gateways.app, command)
    told = json.loads(answer.stdout)
    assert set(told) == {"queries", "bare_ms", "aligner_ms", "http_ms", "ratio"}
    assert min(told["http_ms"]["p50"], told["bare_ms"]["p50"], told["ratio"]) > 0
