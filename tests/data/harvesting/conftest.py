"""A host on 127.0.0.1 that speaks OAI-PMH or CASE well, or as badly as a test wants."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from data.harvesting.fetching import Fetcher
from tests.patience import PATIENCE

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
LOOPBACK = (ip_network("127.0.0.0/8"),)


def answer(inner, time_="2024-05-01T10:00:00Z"):
    return f"{HEAD}<responseDate>{time_}</responseDate><request/>{inner}</OAI-PMH>".encode()


def dublin_core(title, *more):
    return (
        f'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" {DC}>'
        f"<dc:title>{escape(title)}</dc:title>{''.join(more)}</oai_dc:dc>"
    )


def record(identifier, metadata=None, stamp="2024-01-01T00:00:00Z"):
    status = ' status="deleted"' if metadata is None else ""
    header = f"<identifier>{escape(identifier)}</identifier><datestamp>{stamp}</datestamp>"
    body = "" if metadata is None else f"<metadata>{metadata}</metadata>"
    return f"<record><header{status}>{header}</header>{body}</record>"


def listed(records, token=""):
    return (
        f"<ListRecords>{''.join(records)}<resumptionToken>{token}</resumptionToken></ListRecords>"
    )


class Repository(ThreadingHTTPServer):
    """Answers what `records` has, `per_page` at a time; `odd` may answer a request itself."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/oai"
        self.records = {}
        self.per_page = 3
        self.granularity = "YYYY-MM-DDThh:mm:ssZ"
        self.formats = [("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/")]
        self.asked = []
        self.odd = lambda _handler, _asked: None
        self.pause = 0.0

    def put(self, identifier, title, *more):
        self.records[identifier] = dublin_core(title, *more)

    def handle_error(self, request, client_address):
        """A client that goes away is what the tests are about."""

    def answer(self, asked):
        verb = asked.get("verb")
        if verb == "Identify":
            return answer(
                "<Identify><repositoryName>Archive</repositoryName><deletedRecord>persistent"
                f"</deletedRecord><granularity>{self.granularity}</granularity></Identify>"
            )
        if verb == "ListMetadataFormats":
            return answer(
                "<ListMetadataFormats>"
                + "".join(
                    f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix>"
                    f"<metadataNamespace>{space}</metadataNamespace></metadataFormat>"
                    for prefix, space in self.formats
                )
                + "</ListMetadataFormats>"
            )
        start = int(asked.get("resumptionToken", "from-0").removeprefix("from-"))
        shown = list(self.records.items())[start : start + self.per_page]
        if not shown:
            return answer('<error code="noRecordsMatch">nothing</error>')
        time.sleep(self.pause)
        following = start + self.per_page
        more = f"from-{following}" if following < len(self.records) else ""
        return answer(listed([record(*one) for one in shown], more))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        asked = {name: values[0] for name, values in query.items()}
        self.server.asked.append(asked)
        with suppress(ConnectionError):
            said = self.server.odd(self, asked)
            if said is None:
                said = self.server.answer(asked)
            if said:
                self.send(said)

    def send(self, body, status=200, **headers):
        self.send_response(status)
        headers = {"Content_Type": "text/xml", "Content_Length": len(body)} | headers
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def repository():
    served = Repository()
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


class Packages:
    """A CASE server of these packages at the repository's address."""

    def __init__(self, repository):
        self.url = repository.url.replace("/oai", "/ims/case/v1p1")
        self.packages = {}
        self.asked = []
        self.odd = lambda _handler, _path: None
        self.heeds_offset = True
        self.total = None
        self.pause = 0.0
        repository.odd = self._answer

    def put(self, identifier, *items, changed="2024-01-01T00:00:00Z", leads=(), **document):
        """A framework of items, whose ids `leads` associates with others: (type, from, to)."""
        self.packages[identifier] = {
            "CFDocument": _thing(identifier, changed, title=f"F {identifier}") | document,
            "CFItems": [_thing(item, changed, fullStatement=f"Do {item}") for item in items],
            "CFAssociations": [_lead(changed, *lead) for lead in leads],
        }

    def taken(self):
        """The packages that were asked for, since this was called last."""
        found = [path.rpartition("/")[2] for path in self.asked if "/CFPackages/" in path]
        self.asked.clear()
        return found

    def _answer(self, handler, asked):
        path = urlsplit(handler.path).path
        self.asked.append(path)
        if (said := self.odd(handler, path)) is not None:
            return said
        last = path.rpartition("/")[2]
        if last == "CFDocuments":
            start = int(asked["offset"]) if self.heeds_offset else 0
            listed = [one["CFDocument"] for one in self.packages.values()]
            body = {"CFDocuments": listed[start : start + int(asked["limit"])]}
            total = len(listed) if self.total is None else self.total
            self._send(handler, body, X_Total_Count=total)
        elif last in self.packages:
            time.sleep(self.pause)
            self._send(handler, self.packages[last])
        else:
            handler.send(b"", 404)
        return b""

    def _send(self, handler, value, **headers):
        body = json.dumps(value).encode()
        handler.send(body, Content_Type="application/json", **headers)


def _thing(identifier, changed, **more):
    uri = f"https://board.example/{identifier}"
    return {"identifier": identifier, "uri": uri, "lastChangeDateTime": changed, **more}


def _lead(changed, type_, origin, destination):
    nodes = {
        name: {"title": id_, "identifier": id_, "uri": f"https://board.example/{id_}"}
        for name, id_ in (("originNodeURI", origin), ("destinationNodeURI", destination))
    }
    return _thing(f"{origin}-{destination}", changed, associationType=type_, **nodes)


@pytest.fixture
def case(repository):
    return Packages(repository)


@pytest.fixture
def slept():
    return []


@pytest.fixture
def fetcher(slept):
    """A fetcher that may ask this machine, and does not really wait between tries."""
    return Fetcher(private=LOOPBACK, max_body=200_000, timeout=PATIENCE, sleep=slept.append)


@pytest.fixture
def oai():
    """How to write answers."""

    class Writing:
        pass

    Writing.answer = staticmethod(answer)
    Writing.listed = staticmethod(listed)
    Writing.record = staticmethod(record)
    Writing.dublin_core = staticmethod(dublin_core)
    return Writing
