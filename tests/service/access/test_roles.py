import pytest

from data.catalogue.keys import Role
from service.access.roles import least_role


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("GET", "/", Role.READER),
        ("HEAD", "/find", Role.READER),
        ("POST", "/v1/suggestions", Role.READER),
        ("POST", "/v1/projects/a/b/suggest", Role.READER),
        ("POST", "/v1/projects/a/b/learn", Role.CURATOR),
        ("POST", "/recommend", Role.READER),
        ("POST", "/embed-content", Role.CURATOR),
        ("POST", "/lists/add", Role.LEARNER),
        ("POST", "/oai", Role.READER),
        ("POST", "/v1/interactions", Role.LEARNER),
        ("PUT", "/xapi/statements", Role.LEARNER),
        ("GET", "/xapi/about", Role.READER),
        ("GET", "/learners/a", Role.LEARNER),
        ("DELETE", "/v1/learners/a", Role.ADMINISTRATOR),
        ("GET", "/curate", Role.CURATOR),
        ("POST", "/decisions", Role.CURATOR),
        ("GET", "/v1/decisions.csv", Role.CURATOR),
        ("GET", "/v1/crosswalks/a/b", Role.READER),
        ("POST", "/v1/crosswalks/decisions", Role.CURATOR),
        ("PUT", "/v1/resources/a", Role.CURATOR),
        ("GET", "/models/retrain", Role.SCIENTIST),
        ("GET", "/administration/jobs/a", Role.CURATOR),
        ("POST", "/administration/jobs/a/again", Role.ADMINISTRATOR),
        ("GET", "/administration/keys", Role.ADMINISTRATOR),
    ],
)
def test_each_place_takes_a_role(method, path, role):
    assert least_role(method, path) is role


def test_what_no_rule_names_can_be_read_by_all_and_written_by_few():
    assert least_role("GET", "/anything") is Role.READER
    assert least_role("POST", "/anything") is Role.ADMINISTRATOR


def test_a_place_is_not_another_that_begins_alike():
    assert least_role("GET", "/modelsandmore") is Role.READER
