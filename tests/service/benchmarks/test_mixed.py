import threading
import time

from service.benchmarks.mixed import DID, LEARNERS, PAIRS, Asked, Mixture, ask
from tests.patience import PATIENCE

KINDS = {"suggest", "search", "decide", "recommend", "interact", "page"}


def test_the_same_seed_asks_the_same():
    one, other = (Mixture(["r"], ["o"], 1) for _ in range(2))
    assert [one.next()[:3] for _ in range(50)] == [other.next()[:3] for _ in range(50)]


def test_what_learners_did_is_sent_again_and_has_an_end():
    drawn = Mixture(["r", "s"], ["o"], 1)
    sent = [body for kind, *_, body in (drawn.next() for _ in range(9000)) if kind == "interact"]
    assert len({one["id"] for one in sent}) <= LEARNERS * DID < len(sent)
    assert len({str(one) for one in sent}) == len({one["id"] for one in sent})


def test_clients_decide_on_the_same_pairs_over_and_over():
    names = [str(number) for number in range(200)]
    decided = set()
    for seed in range(4):
        drawn = Mixture(names, names, seed)
        asked = [drawn.next() for _ in range(9000)]
        bodies = [body for kind, *_, body in asked if kind == "decide"]
        decided |= {(one["resource_id"], one["outcome_id"]) for one in bodies}
    assert PAIRS / 2 < len(decided) <= PAIRS < len(bodies)


def test_whatever_is_asked_the_service_answers(server, catalogue):
    resources = [one.id for one in catalogue.resources.page().items]
    outcomes = [one.id for one in catalogue.outcomes.live() if one.assignable]
    asked, over = Asked(), threading.Event()
    arguments = (int(server.url.rpartition(":")[2]), Mixture(resources, outcomes, 1), asked, over)
    client = threading.Thread(target=ask, args=arguments)
    client.start()
    began = time.monotonic()
    while set(asked.sent) != KINDS and time.monotonic() - began < PATIENCE:
        time.sleep(0.05)
    over.set()
    client.join()
    assert set(asked.sent) == KINDS
    assert not asked.failed
