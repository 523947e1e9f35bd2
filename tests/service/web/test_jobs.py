import re

import pytest

from service.jobs.jobs import Jobs
from tests.patience import until


@pytest.fixture
def dry(client):
    """The address of a real job that only says what would be trained."""
    answer = client.post("/models/retrain", data={"dry_run": "1"})
    assert answer.status_code == 303
    return answer.headers["location"]


def ended(client, address):
    until(lambda: "hx-get" not in client.get(address).text, lambda: client.get(address).text)
    return client.get(address).text


def test_a_job_is_followed_to_its_end_and_can_be_started_again(client, dry, settings):
    text = ended(client, dry)
    assert "Finished" in text
    assert "Would freeze 1 accepted and 0 rejected" in text
    again = client.post(f"{dry}/again")
    assert again.status_code == 303
    ended(client, again.headers["location"])
    assert len(Jobs(settings.home).all("retrain")) == 2


def test_a_script_gets_the_part_that_changes_and_others_the_page(client, dry):
    part = client.get(dry, headers={"HX-Request": "true"}).text
    assert part.startswith('<div id="progress"')
    assert "<h1>" in client.get(dry).text
    assert client.get(dry.replace("/models/", "/administration/")).status_code == 200


def test_a_running_job_can_be_cancelled(client, settings):
    long = ["bench", "recommend", "--resources", "100", "--rounds", "9999999"]
    job = Jobs(settings.home).start("retrain", long, "Ada")
    page = client.get(f"/models/jobs/{job.id}").text
    assert re.search(r'hx-trigger="every 2s"', page)
    assert client.post(f"/models/jobs/{job.id}/cancel").status_code == 303
    assert "Cancelled" in ended(client, f"/models/jobs/{job.id}")
    assert client.post(f"/models/jobs/{job.id}/cancel").status_code == 409


def test_what_is_no_job_is_not_found(client):
    assert client.get("/models/jobs/none").status_code == 404
