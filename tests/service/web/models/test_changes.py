import pytest


def test_a_better_version_is_promoted_by_a_job(client, better, started):
    assert "Nothing speaks against it" in client.get("/models/promote?version=2").text
    answer = client.post("/models/promote", data={"version": "2"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/models/jobs/20260101-000000-abcdef"
    assert started == [("promote", ["models", "promote", "2"], "web")]


def test_in_spite_of_objections_it_takes_a_reason(client, worse_in_hindi, started):
    assert "What speaks against it" in client.get("/models/promote?version=2").text
    assert client.post("/models/promote", data={"version": "2", "reason": " "}).status_code == 422
    client.post("/models/promote", data={"version": "2", "reason": "--home tiny"})
    forced = ["--force", "--reason=--home tiny"]
    assert started == [("promote", ["models", "promote", "2", *forced], "web")]


def test_what_few_resources_say_takes_a_reason(client, better_on_few, started):
    told = "Only 7 resources judged the two; 30 are the fewest"
    for page in ("/models", "/models/promote?version=2", "/models/compare"):
        assert told in client.get(page).text, page
    assert client.post("/models/promote", data={"version": "2"}).status_code == 422
    client.post("/models/promote", data={"version": "2", "reason": "a pilot"})
    forced = ["--force", "--reason=a pilot"]
    assert started == [("promote", ["models", "promote", "2", *forced], "web")]


def test_what_could_have_gone_unnoticed_is_told_where_nothing_speaks_against_it(
    client, alike, started
):
    for page in ("/models", "/models/promote?version=2", "/models/compare"):
        text = client.get(page).text
        assert "Mean F2, judged by 60 resources, could fall by up to 0." in text, page
    client.post("/models/promote", data={"version": "2"})
    assert started == [("promote", ["models", "promote", "2"], "web")]


@pytest.mark.parametrize(("version", "status"), [("1", 409), ("9", 404), ("--help", 404)])
def test_only_another_version_that_there_is_can_be_promoted(
    client, better, started, version, status
):
    assert client.post("/models/promote", data={"version": version}).status_code == status
    assert started == []


def test_rolling_back_takes_a_reason_too(client, better, started):
    assert (
        "the supplied model serve again in place of version 1"
        in client.get("/models/rollback").text
    )
    assert client.post("/models/rollback").status_code == 422
    client.post("/models/rollback", data={"reason": "it is slow"})
    assert started == [("rollback", ["models", "rollback", "--reason=it is slow"], "web")]


def test_without_a_promotion_there_is_nothing_to_go_back_to(client):
    assert "There is nothing to go back to" in client.get("/models/rollback").text


def test_training_is_ordered_by_a_form(client, started):
    assert client.get("/models/retrain").status_code == 200
    client.post("/models/retrain", data={"way": "", "by": "", "epochs": "1"})
    fields = {"way": "ranker", "by": "resource", "epochs": "0.5", "dry_run": "1"}
    client.post("/models/retrain", data=fields)
    ordered = ["retrain", "--by=resource", "--way=ranker", "--epochs=0.5", "--dry-run"]
    assert [arguments for _, arguments, _ in started] == [
        ["retrain", "--epochs=1"],
        ordered,
    ]


@pytest.mark.parametrize(
    "fields", [{"way": "magic"}, {"by": "chance"}, {"epochs": "many"}, {"epochs": "nan"}]
)
def test_what_cannot_be_ordered_is_refused(client, started, fields):
    assert client.post("/models/retrain", data=fields).status_code == 422
    assert started == []


def test_decisions_are_frozen_by_a_job(client, started):
    client.post("/models/data", data={"by": "resource"})
    assert started == [("freeze", ["freeze", "--by=resource"], "web")]
