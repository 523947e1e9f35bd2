import json
from dataclasses import replace

import pytest

from data.errors import GatewaysError
from evaluation.learner.judging import (
    Judged,
    LearnerComparison,
    compare_learners,
    judge,
    judges_of,
    read_judged,
    write_judged,
)
from models.learner.evidence import Evidence
from models.learner.tracing import starting_tracer


def learner(*scores, weight=1.0):
    return [
        Evidence(time=float(place), outcomes=(("o", 1.0),), score=score, weight=weight)
        for place, score in enumerate(scores)
    ]


def judged(*losses, fitted=100):
    return Judged(
        data="d", fitted=fitted, answers=[10] * len(losses), losses=list(losses), figures={}
    )


def objections(before, after):
    return LearnerComparison(before=before, after=after).objections()


def test_the_judges_are_the_same_learners_whoever_else_there_is():
    everybody = {f"l{number}": learner(1, 0) for number in range(60)}
    rest, judges = judges_of(everybody)
    assert set(judges) | set(rest) == set(everybody)
    assert 5 < len(judges) < 20
    half = {who: everybody[who] for who in list(everybody)[::-1][:30]}
    assert set(judges_of(half)[1]) == set(judges) & set(half)


def test_each_judge_is_told_of_without_a_name_and_weak_evidence_is_none():
    judges = {"ada": learner(1, 1, 0), "bob": learner(0, 0), "cid": learner(1, weight=0.3)}
    found = judge(starting_tracer(), judges, "d", 7)
    assert (found.data, found.fitted, list(found.answers)) == ("d", 7, [3, 2])
    assert set(found.figures) == {"auc", "log_loss", "ece"}
    mean = (3 * found.losses[0] + 2 * found.losses[1]) / 5
    assert found.figures["log_loss"] == pytest.approx(mean, abs=1e-3)
    assert "ada" not in repr(found)


def test_without_judges_there_are_no_figures():
    assert judge(starting_tracer(), {}, "d", 0).figures == {}


def test_what_foretells_learners_worse_is_objected_to_and_what_differs_by_chance_is_not():
    good, bad = judged(*[0.4] * 8), judged(*[0.5, 0.45] * 4)
    (said,) = objections(good, bad)
    assert "rises from 0.400 to 0.475 over 8 learners" in said
    assert objections(bad, good) == objections(good, good) == ()
    assert objections(good, judged(*[0.2, 0.7] * 4)) == ()


def test_where_too_few_judge_what_was_fitted_on_less_is_objected_to():
    assert objections(judged(0.4, fitted=50), judged(0.9, fitted=50)) == ()
    few = LearnerComparison(before=judged(0.4, fitted=50), after=judged(0.9, fitted=50))
    assert "1 learner" in few.doubts()[0]
    (said,) = objections(judged(0.9, fitted=50), judged(0.4, fitted=49))
    assert "on 49 answers, the one in use on 50" in said
    assert objections(judged(fitted=0), judged(fitted=9)) == ()


def test_a_comparison_is_told_as_that_of_bundles():
    found = LearnerComparison(before=judged(*[0.4] * 6), after=judged(*[0.5] * 6)).to_json()
    assert found["overall"]["queries"] == 6
    assert found["overall"]["changes"]["log_loss"] == {
        "before": 0.4,
        "after": 0.5,
        "low": 0.1,
        "high": 0.1,
    }
    assert (found["slices"], len(found["objections"])) == ([], 1)


def test_what_is_written_is_read_and_only_the_same_judges_are_compared(tmp_path):
    before, after = tmp_path / "a.json", tmp_path / "b.json"
    write_judged(before, judged(0.5, 0.6))
    write_judged(after, judged(0.4, 0.6))
    assert read_judged(before) == judged(0.5, 0.6)
    assert compare_learners(before, after).objections() == ()
    write_judged(after, replace(judged(0.4), data="others"))
    with pytest.raises(GatewaysError, match="by different learners"):
        compare_learners(before, after)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"data": "d"})])
def test_a_damaged_judgement_is_told_with_what_mends_it(tmp_path, text):
    (tmp_path / "judged.json").write_text(text)
    with pytest.raises(GatewaysError, match=r"judged\.json: is damaged .*gateways train learner"):
        read_judged(tmp_path / "judged.json")
    with pytest.raises(GatewaysError, match="cannot be written"):
        write_judged(tmp_path / "nowhere" / "judged.json", judged(0.5))
