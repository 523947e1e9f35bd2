import json
from dataclasses import replace

import numpy as np
import pytest

from data.errors import GatewaysError
from models.learner.evidence import Evidence
from models.learner.fitting import fit_logistic
from models.learner.model import (
    LearnerModel,
    learner_model_in,
    read_learner_model,
    write_learner_model,
)
from models.learner.tracing import starting_tracer


@pytest.fixture(scope="module")
def histories():
    draw = np.random.default_rng(5)
    return {
        f"l{number}": [
            Evidence(
                time=1.7e9 + place * 3600,
                item=f"fraction «½» {draw.integers(4)}",
                outcomes=((f"o{draw.integers(3)}", 1.0),),
                score=float(draw.integers(2)),
            )
            for place in range(12)
        ]
        for number in range(10)
    }


@pytest.fixture(scope="module")
def model(histories):
    tracer = replace(fit_logistic(histories), share=0.75)
    assert tracer.intercept
    return LearnerModel(tracer=tracer, helpful={"r": 0.1 + 0.2, "ü": -1e-17})


@pytest.fixture
def written(tmp_path, model):
    path = tmp_path / "a folder" / "learner.json"
    write_learner_model(path, model)
    return path


def test_a_model_that_is_read_again_foretells_exactly_the_same(written, model, histories):
    again = read_learner_model(written)
    assert again == model
    for found in histories.values():
        np.testing.assert_array_equal(again.tracer.trace(found), model.tracer.trace(found))
        history = model.tracer.history(found)
        told = [each.log_odds(history, ["o0", "new"], 2e9) for each in (again.tracer, model.tracer)]
        np.testing.assert_array_equal(*told)


def test_a_model_of_elos_weights_is_kept_as_well(tmp_path):
    begun = LearnerModel(tracer=starting_tracer())
    write_learner_model(tmp_path / "m.json", begun)
    assert read_learner_model(tmp_path / "m.json") == begun


def test_no_learner_is_named_in_a_model(written):
    assert '"l1"' not in written.read_text(encoding="utf-8")


def test_where_there_is_no_model_a_new_platform_begins(tmp_path):
    assert learner_model_in(tmp_path / "none.json").tracer == starting_tracer()


def damaged(text, **changes):
    return json.dumps(json.loads(text) | changes)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda _: "[]",
        lambda _: '{"magic": "another program\'s"}',
        lambda text: damaged(text, share="much"),
        lambda text: damaged(text, intercept=None),
        lambda text: text.replace('"typical": ', '"typical": NaN, "was": '),
        lambda text: damaged(text, surprise=1),
        lambda text: damaged(text, format=99),
        lambda text: damaged(text, weights={"of another version": 1.0}),
        lambda _: "\udc80",
    ],
)
def test_a_damaged_or_foreign_file_is_refused_and_the_message_says_how_to_mend_it(written, damage):
    text = damage(written.read_text(encoding="utf-8"))
    written.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(GatewaysError) as refused:
        read_learner_model(written)
    assert str(refused.value).startswith(f"{written}: ")
    assert "run `gateways train learner`" in str(refused.value)


def test_what_cannot_be_read_or_written_is_said(tmp_path, model):
    with pytest.raises(GatewaysError, match=r"cannot be read .*run `gateways train learner`"):
        read_learner_model(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(GatewaysError, match="cannot be written"):
        write_learner_model(tmp_path / "file" / "learner.json", model)
