import json
from itertools import islice

from service.benchmarks.questions import bodies, texts


def test_no_question_is_asked_twice_and_each_is_posted_as_it_is():
    asked = list(islice(texts(), 50))
    assert len(set(asked)) == 50
    assert [json.loads(body)["text"] for body in bodies(iter(asked))] == asked
