import pytest

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.records import Platform, Resource
from evaluation.conformance import judging
from evaluation.conformance.checks.base import Fact
from evaluation.conformance.findings import Result, failed, passed
from evaluation.conformance.judging import Question, judge, judge_one, judged
from evaluation.conformance.profile import Severity
from evaluation.conformance.profile_file import open_profile
from evaluation.conformance.report import score_of


def ruling(report, id_):
    return next(one for one in report.rulings if one.rule.id == id_)


def results(report):
    return {one.rule.id: one.result and one.result.value for one in report.rulings}


def test_every_rule_comes_out_as_told_by_hand(catalogue, question):
    report = judge(catalogue, question())
    assert results(report) == {
        "described": "failed",
        "captions": "failed",
        "link-alive": "not known",
        "half-captions": "passed",
        "covered": "failed",
        "kept-safe": "passed",
        "kind": None,
    }
    captions = ruling(report, "captions")
    assert {one.value: count for one, count in captions.counts.items()} == {
        "failed": 1,
        "passed": 1,
        "not applicable": 1,
    }
    assert (captions.share, captions.examples) == (0.5, (("a", "not declared: captions"),))
    assert ruling(report, "described").examples == (("c", "not stated: description"),)


def test_evidence_stands_beside_what_a_platform_is_asked(catalogue, question):
    report = judge(catalogue, question())
    assert ruling(report, "covered").finding.message == "Heading: 1 of 2 (en 1, fr 1)"
    assert ruling(report, "kept-safe").finding.message == "setting safe"
    half = ruling(report, "half-captions").finding.message
    assert half == "1 of 2 resources; 50.0 of a hundred are wanted"


def test_a_fact_that_nobody_tells_is_not_known(catalogue, question):
    assert results(judge(catalogue, question(facts={})))["kept-safe"] == "not known"
    lacking = judge(catalogue, question(facts={"safe": Fact(False, "not set")}))
    assert results(lacking)["kept-safe"] == "failed"


def test_a_platform_conforms_if_all_that_it_must_is_met_and_none_of_it_is_unknown(
    catalogue, question, small
):
    def without(*ids, **severities):
        rules = [
            rule.model_copy(update={"severity": severities.get(rule.id, rule.severity)})
            for rule in small.rules
            if rule.id not in ids
        ]
        return judge(catalogue, question(profile=small.model_copy(update={"rules": tuple(rules)})))

    assert not judge(catalogue, question()).conforms
    assert not without("described").conforms
    assert without("described", "covered").conforms
    must = {"link-alive": Severity.MUST}
    assert not without("described", "covered", **must).conforms


def test_resources_are_scored_by_what_applies_to_them(catalogue, question):
    scores = {
        seen.resource.id: score_of(findings) for seen, findings in judged(catalogue, question())
    }
    shares = {id_: (one.conforms, one.share(Severity.SHOULD)) for id_, one in scores.items()}
    assert shares == {"a": (True, 0.0), "b": (True, 0.5), "c": (False, 0.0)}
    report = judge(catalogue, question())
    assert (report.scores.resources, report.scores.conforming) == (3, 2)
    assert report.scores.mean(Severity.MUST) == pytest.approx(2 / 3)


def test_links_are_asked_for_once_each_and_only_where_one_asks(catalogue, question):
    asked = []

    def links(urls):
        asked.append(sorted(urls))
        return {"https://example.org/b": passed(), "https://example.org/c": failed("gone")}

    report = judge(catalogue, question(links=links))
    assert asked == [["https://example.org/b", "https://example.org/c"]]
    assert ruling(report, "link-alive").examples == (("c", "gone"),)


def test_the_stream_is_in_order_and_goes_on_behind_an_id_whatever_the_chunk(
    catalogue, question, monkeypatch
):
    monkeypatch.setattr(judging, "CHUNK", 2)
    told = []
    whole = judge(catalogue, question(), [lambda resource, _: told.append(resource.id)])
    assert told == ["a", "b", "c"]
    assert results(whole) == results(judge(catalogue, question()))
    assert [seen.resource.id for seen, _ in judged(catalogue, question(), after="a")] == ["b", "c"]


def test_one_resource_is_judged_as_it_is_among_all(catalogue, question):
    for seen, findings in judged(catalogue, question()):
        assert judge_one(catalogue, question(), seen.resource) == findings


def test_a_platform_is_one_dataset(catalogue, question):
    (dataset,) = catalogue.datasets.all()
    assert judge(catalogue, question(platform=dataset.name)).scores.resources == 3
    catalogue.resources.create(Resource(id="d", title="Made here"))
    assert judge(catalogue, question(platform=dataset.name)).scores.resources == 3
    assert judge(catalogue, question()).scores.resources == 4
    with pytest.raises(NotFoundError, match=f"'nothing'.*{dataset.name}"):
        judge(catalogue, question(platform="nothing"))


def test_a_platform_of_the_register_is_all_of_its_datasets(catalogue, question):
    (dataset,) = catalogue.datasets.all()
    catalogue.platforms.put(Platform(id="p", name="P", operator="x", created=1.0))
    catalogue.resources.create(Resource(id="d", title="Made here"))
    assert judge(catalogue, question(platform="p")).scores.resources == 0
    catalogue.platforms.assign(dataset.name, "p")
    mine = judge(catalogue, question(platform="p"))
    assert mine.scores.resources == 3
    assert results(mine) == results(judge(catalogue, question(platform=dataset.name)))


def test_the_sample_is_what_a_plain_recount_finds(sample_home):
    from data.settings import load_settings

    settings = load_settings(home=sample_home)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        report = judge(catalogue, Question(profile=open_profile("content")))
        resources = list(catalogue.resources.live())
        aligned = {one.resource for one in catalogue.alignments.live()}
    closed = [one for one in resources if "NC" in one.license or "ND" in one.license]
    assert ruling(report, "open-licence").counts[Result.FAILED] == len(closed) > 0
    videos = [one for one in resources if one.kind == "video"]
    assert ruling(report, "captions").counts[Result.FAILED] == len(videos) > 0
    assert ruling(report, "aligned").counts[Result.PASSED] == len(aligned)
    bare = [one for one in resources if not (one.description and one.title and one.kind)]
    assert ruling(report, "described").counts[Result.FAILED] == len(bare) > 0
    assert not report.conforms
