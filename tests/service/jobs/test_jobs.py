import json
import os
import signal
import time
from contextlib import suppress

import pytest

from data.errors import ConflictError, NotFoundError
from service.jobs.jobs import Jobs, State, Step, step_of
from tests.patience import until

LONG = ("bench", "recommend", "--resources", "100", "--interactions", "0", "--rounds", "9999999")


@pytest.fixture
def jobs(tmp_path):
    """The jobs of an empty workspace; what still runs in the end is ended."""
    found = Jobs(tmp_path / "home")
    yield found
    for job in found.all():
        if job.is_running:
            with suppress(ConflictError):  # it has just ended
                found.cancel(job.id, "the test")
            ended(found, job)


def ended(jobs, job):
    until(lambda: not jobs.get(job.id).is_running, lambda: jobs.tail(job.id))
    return jobs.get(job.id)


def test_a_job_runs_a_command_on_its_workspace_and_keeps_what_it_said(jobs):
    job = jobs.start("list", ["models", "list", "--json"], "Ada")
    assert (job.what, job.by, job.state) == ("list", "Ada", State.RUNNING)
    done = ended(jobs, job)
    assert (done.state, done.status) == (State.FINISHED, 0)
    assert done.started <= done.ended <= time.time()
    assert json.loads("\n".join(jobs.tail(job.id)))["versions"][0]["version"] == "shipped"


def test_a_refusal_is_a_failure_that_the_log_explains(jobs):
    job = ended(jobs, jobs.start("rollback", ["models", "rollback"], "Ada"))
    assert (job.state, job.status) == (State.FAILED, 2)
    assert "nothing served before" in jobs.tail(job.id)[-1]


def test_what_a_job_said_names_files_as_they_lie_in_the_workspace(jobs, tmp_path):
    gone = str(tmp_path / "home" / "frozen" / "gone")
    job = ended(jobs, jobs.start("retrain", ["retrain", "--dry-run", "--dataset", gone], "Ada"))
    assert job.state is State.FAILED
    assert jobs.tail(job.id)[-1].startswith("gateways: frozen/gone: ")


def test_a_running_job_is_seen_by_another_server_and_can_be_cancelled_once(jobs, tmp_path):
    job = jobs.start("long", LONG, "Ada")
    other = Jobs(tmp_path / "home")
    assert other.get(job.id).is_running
    other.cancel(job.id, "Bob")
    assert ended(jobs, job).state is State.CANCELLED
    with pytest.raises(ConflictError):
        jobs.cancel(job.id, "Bob")


def test_one_whose_processes_are_gone_without_a_word_was_interrupted(jobs, tmp_path):
    job = jobs.start("long", LONG, "Ada")
    runner = json.loads((tmp_path / "home" / "jobs" / job.id / "runner.json").read_text())
    os.killpg(runner["pid"], signal.SIGKILL)
    assert ended(jobs, job).state is State.INTERRUPTED


def test_jobs_are_listed_newest_first_and_found_by_kind(jobs):
    first = jobs.start("list", ["models", "list"], "Ada")
    second = jobs.start("other", ["models", "list"], "Ada")
    assert [job.id for job in jobs.all()] == [second.id, first.id]
    assert [job.id for job in jobs.all("list")] == [first.id]
    assert jobs.latest("list", "other").id == second.id
    assert jobs.latest("none") is None


@pytest.mark.parametrize("id_", ["", "..", "../../etc", "20260101-000000-abcdef"])
def test_what_is_no_job_is_not_found(jobs, id_):
    with pytest.raises(NotFoundError):
        jobs.get(id_)


@pytest.mark.parametrize(
    ("lines", "step"),
    [
        (["2 of 5: training", "Embedding: 1,500 of 2,000"], Step("Embedding", 1500, 2000)),
        (["Embedding: 1,500 of 2,000", "3 of 5: evaluating"], None),
        ([], None),
    ],
)
def test_the_last_line_tells_how_far_it_is(lines, step):
    assert step_of(lines) == step
