"""Naming, changing and removing platforms, and their keys."""

import pytest

from data.catalogue.keys import Role
from data.records import Platform

HERE = "/administration/platforms"
HTML = {"Accept": "text/html"}
SENT = {"id": "ke", "name": "Shelf", "operator": "Ministry", "languages": "sw, en"}
REFUSED = [
    (HERE, SENT, 409),
    (HERE, SENT | {"id": "Kenya"}, 422),
    (HERE, SENT | {"id": "tz", "url": "ke.org"}, 422),
    (f"{HERE}/ke", SENT | {"name": ""}, 422),
    (f"{HERE}/none", SENT, 404),
    (f"{HERE}/none/remove", {}, 404),
    ("/administration/datasets", {"dataset": "none", "platform": "ke"}, 404),
    ("/administration/datasets", {"dataset": "tiny", "platform": "none"}, 404),
    ("/administration/keys", {"name": "A", "role": "curator", "platform": "none"}, 404),
    ("/administration/keys", {"name": "A", "role": "scientist", "platform": "ke"}, 422),
]


@pytest.fixture
def named(client, catalogue):
    assert client.post(HERE, data=SENT).status_code == 303
    return catalogue


def test_a_platform_is_named_and_its_fields_are_changed(client, named):
    made = named.platforms.get("ke")
    assert (made.name, made.operator, made.languages) == ("Shelf", "Ministry", ("sw", "en"))
    assert 'value="sw en"' in client.get(f"{HERE}/ke").text
    sent = {"name": "Other", "operator": "Ministry", "url": "https://ke.org", "id": "tz"}
    assert client.post(f"{HERE}/ke", data=sent).status_code == 303
    (changed,) = named.platforms.all()
    assert changed == Platform(
        id="ke", name="Other", operator="Ministry", url="https://ke.org", created=made.created
    )


def test_a_dataset_is_assigned_and_given_back(client, named):
    for platform, owners in (("ke", {"tiny": "ke"}), ("", {})):
        sent = {"dataset": "tiny", "platform": platform}
        assert client.post("/administration/datasets", data=sent).status_code == 303
        assert named.platforms.of_datasets() == owners


def test_a_platform_is_removed_and_its_datasets_stay(client, named):
    named.platforms.assign("tiny", "ke")
    assert "Its 1 dataset stays here" in client.get(f"{HERE}/ke").text
    assert client.post(f"{HERE}/ke/remove").status_code == 303
    assert (named.platforms.all(), named.platforms.of_datasets()) == ([], {})
    assert named.datasets.get("tiny") is not None


def test_what_cannot_be_is_refused_and_changes_nothing(client, named):
    before = named.platforms.all()
    for path, sent, status in REFUSED:
        answer = client.post(path, data=sent, headers=HTML)
        assert answer.status_code == status, (path, sent)
    assert (named.platforms.all(), named.platforms.of_datasets()) == (before, {})
    assert named.keys.all() == []


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [
        (HERE, {"id": "tz", "url": "ke.org"}, 'aria-describedby="wrong-url"'),
        (HERE, {}, "is there already"),
        (f"{HERE}/ke", {"languages": "not a tag!"}, 'aria-describedby="wrong-languages"'),
    ],
)
def test_what_is_wrong_is_told_on_the_form_which_keeps_what_was_sent(
    client, named, path, wrong, said
):
    sent = SENT | {"contact": "Whom-ever"} | wrong
    page = client.post(path, data=sent, headers=HTML).text
    assert said in page
    assert f'action="{path}"' in page
    assert 'value="Whom-ever"' in page


def test_a_key_is_made_for_a_platform_and_says_so(client, named):
    sent = {"name": "Ada", "role": "curator", "platform": "ke"}
    page = client.post("/administration/keys", data=sent).text
    (key,) = named.keys.all()
    assert (key.role, key.platform) == (Role.CURATOR, "ke")
    assert "<bdi>Shelf</bdi>" in page


def test_without_a_platform_the_page_says_so(client):
    assert "No platform was named yet" in client.get(HERE).text
    assert client.get(f"{HERE}/none", headers=HTML).status_code == 404
