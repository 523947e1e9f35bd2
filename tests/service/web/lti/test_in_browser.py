"""A course on another site, with our pages in its frame, in a real Chromium."""

import socket
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from playwright.sync_api import expect

from data.catalogue import Catalogue
from tests.service.lti.platform import CLIENT, DEEP, LTI, asking, claims, registered, signed

pytestmark = pytest.mark.slow


class Course(ThreadingHTTPServer):
    """A platform on `localhost`, which a browser takes for another site than 127.0.0.1."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://localhost:{self.server_address[1]}"
        self.tool = ""
        self.said = {}
        self.items = []

    def page(self, path, asked):
        if path == "/course":
            login = {"iss": self.url, "login_hint": "17", "target_link_uri": self.tool}
            frame = escape(f"{self.tool}/lti/login?{urlencode(login)}")
            return f'<title>Course</title><iframe src="{frame}" width="900" height="700"></iframe>'
        said = claims(asked["nonce"], iss=self.url, **self.said)
        fields = {"state": asked["state"], "id_token": signed(said)}
        hidden = "".join(f'<input type=hidden name={n} value="{v}">' for n, v in fields.items())
        return (
            f'<form method="post" action="{asked["redirect_uri"]}">{hidden}</form>'
            "<script>document.forms[0].submit()</script>"
        )


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._answer(self.server.page(parts.path, asked))

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        read = jwt.decode(sent["JWT"][0], options={"verify_signature": False})
        self.server.items = read[f"{DEEP}content_items"]
        self._answer(f"<h1>Added {len(self.server.items)}</h1>")

    def _answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html>{text}".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def course():
    server = Course()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tool(settings, running, course):
    """Our server, which knows the course's platform, at an address that it knows itself."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.lti_platforms.remove("Moodle")
        auth = f"{course.url}/auth"
        catalogue.lti_platforms.add(registered(issuer=course.url, authorisation_url=auth))
    server = running(settings.model_copy(update={"public_url": url}))
    server.socket.close()
    server.socket, server.url = listening, url
    course.tool = url
    yield server.begin()
    server.end()


def test_a_teacher_chooses_for_a_course_and_a_learner_opens_it_there(
    course, tool, check_for_everyone, new_context
):
    course.said = asking(deep_link_return_url=f"{course.url}/return")
    context = new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{course.url}/course")
    # Without encryption a cookie is not kept in a frame of another site, so a window opens.
    with context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Open the window").click()
    window = opened.value
    expect(window.get_by_role("heading", level=1)).to_have_text("Choose for your course")
    window.get_by_role("searchbox").fill("volcano with lava")
    window.get_by_role("searchbox").press("Enter")
    window.get_by_role("checkbox", name="Inside a volcano").check()
    check_for_everyone(window)
    window.get_by_role("button", name="Add to the course").click()
    expect(window.get_by_role("heading")).to_have_text("Added 1")
    (item,) = course.items
    assert item["url"] == f"{tool.url}/resources/volcano"

    course.said = {f"{LTI}target_link_uri": item["url"], "aud": CLIENT}
    with context.expect_page() as opened:
        page.reload()
        page.frame_locator("iframe").get_by_role("link", name="Open the window").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Inside a volcano")
    check_for_everyone(opened.value)
    # What a window shows may stand in the course's frame too.
    page.evaluate("url => document.querySelector('iframe').src = url", opened.value.url)
    framed = page.frame_locator("iframe")
    expect(framed.get_by_role("heading", level=1)).to_have_text("Inside a volcano")
