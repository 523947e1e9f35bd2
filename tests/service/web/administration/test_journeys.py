"""Keys and roles from the making of a key to its end, in two real browsers."""

import shutil
import time

import pytest
from playwright.sync_api import expect

from data.catalogue.keys import Role
from data.settings import load_settings

MASTER = "a long and random key"
OUTCOME = "saltmere-equivalent-fractions"
ROOMS = {
    "Find": "/find",
    "Next steps": "/learners",
    "Curate": "/curate",
    "Models": "/models",
    "Administration": "/administration",
}

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(indexed_home, tmp_path, shared_encoder):
    home = tmp_path / "home"
    shutil.copytree(indexed_home, home)
    return load_settings(home=home, api_key=MASTER)


def sign_in(page, secret):
    page.get_by_label("Your key").fill(secret)
    page.get_by_label("Your key").press("Enter")
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link").first).to_be_visible()
    # Chromium would have a name beside a password, which a key has not.
    page.complaints[:] = [said for said in page.complaints if "Password forms" not in said]


def test_a_key_opens_what_its_role_may_and_signs_until_it_is_revoked(open_page, server, catalogue):
    master = open_page(path="/administration/keys")
    sign_in(master, MASTER)
    master.get_by_label("Name of the person or program").fill("Amina")
    master.get_by_label("Role", exact=True).select_option("curator")
    master.get_by_role("button", name="Make the key").press("Enter")
    expect(master.get_by_role("heading", name="The key of Amina")).to_be_visible()
    secret = master.locator(".secret").inner_text()

    page = open_page(path="/suggest?resource=en-fraction-strips-printable")
    sign_in(page, secret)
    title = catalogue.outcomes.get(OUTCOME).title
    page.get_by_role("button", name=f"Accept: {title}").click()
    expect(page.get_by_role("button", name=f"Undo: {title}")).to_be_visible()
    (decision,) = catalogue.ledger.all()
    assert (decision.curator, decision.outcome) == ("Amina", OUTCOME)

    rooms = master.get_by_role("navigation", name="Administration")
    rooms.get_by_role("link", name="Trail").press("Enter")
    expect(master.get_by_role("listitem").filter(has_text=title)).to_contain_text("Amina")
    rooms.get_by_role("link", name="Keys").press("Enter")
    expect(master.get_by_role("heading", name="Keys and roles")).to_be_visible()
    expect(master.locator("main")).not_to_contain_text(secret)
    master.get_by_role("button", name="Revoke Amina").press("Enter")
    expect(master.locator(".keys li")).to_contain_text("Revoked")
    assert page.complaints == []

    page.goto(f"{server.url}/curate")
    page.get_by_label("Your key").fill(secret)
    page.get_by_label("Your key").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That key is not known, or it is over")
    assert list(catalogue.ledger.all()) == [decision]
    page.complaints.clear()  # the browser's own line about the 401


def test_each_role_is_shown_the_rooms_that_open_for_it_and_no_others(open_page, server, catalogue):
    made = [
        catalogue.keys.create(
            role.value.title(),
            role,
            by="root",
            now=time.time(),
            learner="*" if role is Role.LEARNER else None,
        )[1]
        for role in Role
    ]
    for number, (role, secret) in enumerate(zip(Role, made, strict=True)):
        page = open_page(path="/sign-in")
        sign_in(page, secret)
        rooms = page.get_by_role("navigation", name="Pages").get_by_role("link")
        expect(rooms).to_have_text(list(ROOMS)[: number + 1])
        *_, last = list(ROOMS.values())[: number + 1]
        assert page.goto(server.url + last).status == 200
        assert page.complaints == []
        for closed in list(ROOMS.values())[number + 1 :][:1]:
            assert page.goto(server.url + closed).status == 403
            expect(page.get_by_role("alert")).to_contain_text(f"this key has {role.value}")
            page.complaints.clear()  # the browser's own line about the 403
