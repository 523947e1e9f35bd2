from evaluation.evidence.figure import Figure
from evaluation.evidence.measures import MEASURES
from service.web.evidence.texts import TEXTS


def test_every_title_and_method_is_there_to_be_translated_and_no_other():
    said = {text for measure in MEASURES.values() for text in (measure.title, measure.method)}
    assert said == TEXTS
    assert Figure(measure="coverage", platform="p").about.title in TEXTS
