"""Every reader of bytes that come from elsewhere, each with small inputs that it takes.

The seeds are written here, none is from data of others.
"""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.catalogue.lti import LtiPlatform
from data.errors import GatewaysError
from data.formats.case.package import CasePackage
from data.formats.dataset_folder import DATASET_FILE, FILES, DatasetFolder
from data.formats.fields import RowError
from data.formats.kolibri.channel import Kolibri
from data.formats.kolibri.competition import FILES as COMPETITION
from data.formats.kolibri.competition import Competition
from data.formats.lrmi.document import Lrmi
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.formats.table import Table
from data.formats.xapi.document import Xapi
from data.harvesting.case_server import CaseServer
from data.harvesting.fetching import Answer
from data.harvesting.oai import Client
from data.harvesting.page import PageDocument
from data.records import Dataset, Resource
from models.bundles.bundle import said_of
from models.ranking.confidence import read_confidence
from models.snapshots.manifest import read_manifest
from service.lti.claims import launch_of
from service.lti.id_token import checked_claims
from service.lti.keys import LtiKeys
from service.lti.platform_keys import PlatformKeys
from service.lti.tokens import Seal

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LINKS = "https://purl.imsglobal.org/spec/lti-dl/claim/"
OPTIONS = ReadOptions(max_text=10_000, sites=("http://127.0.0.1:8000",))


@dataclass(frozen=True)
class Reader:
    """What reads bytes, and what it takes. Anything but a GatewaysError is a mistake of ours."""

    read: Callable[[bytes], None]
    seeds: Sequence[bytes]

    def withstands(self, data):
        with suppress(GatewaysError, RowError):
            self.read(data)


class Said:
    """Stands where a host is asked, and gives these bytes once; then the list is at its end."""

    max_body = 50_000_000

    def __init__(self, body, last=b""):
        self._bodies = [body, last]

    def get(self, url):
        body = self._bodies.pop(0) if self._bodies else b""
        return Answer(url=url, headers={"content-type": "text/xml"}, body=body)


def documents(form, *names):
    """Read the bytes as a file of each of these names, every kind of record, with this format."""

    def read(data):
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                path = Path(folder) / name
                path.write_bytes(data)
                form.recognises(path)
                with suppress(GatewaysError):
                    _read_all(form.open(path, OPTIONS))

    return read


def folders(form, files, first):
    """Read the bytes as one file of a folder, which their first byte chooses."""

    def read(data):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            for name, content in first.items():
                (place / name).write_bytes(content)
            if data:
                (place / files[data[0] % len(files)]).write_bytes(data[1:])
            _read_all(form.open(place, OPTIONS))

    return read


def _read_all(document):
    for kind in document.kinds:
        for _ in document.read(kind):
            pass


def _recognised(data):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.json", "a.jsonl", "a.csv", "a.tsv", "a.jsonl.gz", "a.html", "a.sqlite3"):
            path = Path(folder) / name
            path.write_bytes(data)
            with suppress(GatewaysError):
                _read_all(open_document(path, OPTIONS))


def _oai(data):
    for ask in ("identify", "best_prefix"):
        with suppress(GatewaysError):
            getattr(Client(Said(data), "http://h"), ask)()
    page = Client(Said(data), "http://h").first("oai_dc", None, None)
    document = PageDocument(Dataset(name="d"), page.items, {}, 10_000, 1)
    for _ in document.read(Resource):
        pass


def _case_list(data):
    CaseServer(Said(data, b'{"CFDocuments": []}'), "http://h/ims/case/v1p0").documents()


def _claims(data):
    try:
        claims = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(claims, dict):  # as PyJWT gives them on
        launch_of(claims | {f"{LTI}deployment_id": "1"})


def _platform(jwks=None):
    return LtiPlatform(
        name="moodle",
        issuer="https://lms.example",
        client_id="c",
        deployments=("1",),
        authorisation_url="https://lms.example/auth",
        jwks_url=None if jwks else "https://lms.example/jwks",
        jwks=jwks,
        origins=("https://lms.example",),
        created=0.0,
    )


def _keys(data):
    PlatformKeys(Said(data)).key(_platform(), "k")


def _token(data):
    jwks = {"keys": [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}]}
    token = data.decode("utf-8", "replace")
    checked_claims(token, _platform(jwks), PlatformKeys(Said(b"{}")), "nonce")


class _Seals:
    """Tokens of our own, opened with a key that is made once."""

    def __init__(self):
        self._seal = None

    def __call__(self, data):
        if self._seal is None:
            self._folder = tempfile.TemporaryDirectory()
            self._seal = Seal(LtiKeys(Path(self._folder.name)))
        token = data.decode("utf-8", "replace")
        self._seal.opened_state(token)
        self._seal.opened_visit(token)


def _in_file(read, name):
    def of_bytes(data):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(data)
            read(Path(folder))

    return of_bytes


def _channel():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "channel.sqlite3"
        database = sqlite3.connect(path)
        with database:
            database.execute("PRAGMA page_size = 512")
            database.execute(
                "CREATE TABLE content_contentnode (id, parent_id, title, kind, content_id, "
                "channel_id, sort_order)"
            )
            row = "INSERT INTO content_contentnode VALUES (?, ?, ?, ?, ?, ?, 1)"
            database.execute(row, ("a" * 32, None, "Sums", "topic", "b" * 32, "c" * 32))
            database.execute(row, ("d" * 32, "a" * 32, "Add", "video", "e" * 32, "c" * 32))
        database.close()
        return path.read_bytes()


def _json(value):
    return json.dumps(value).encode()


OUTCOMES = b'{"id": "o", "framework": "f", "title": "Add", "levels": ["4"], "position": 1}\n'
RESOURCES = b'{"id": "r", "title": "Sums", "text": "1+1", "language": "en", "levels": ["4"]}\n'
PACKAGE = {
    "CFDocument": {"identifier": "d", "title": "Maths", "language": "en"},
    "CFItems": [
        {"identifier": "i", "fullStatement": "Add", "educationLevel": ["04"]},
        {"identifier": "j", "fullStatement": "Subtract"},
    ],
    "CFAssociations": [
        {
            "identifier": "a",
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": "i", "uri": "http://h/i"},
            "destinationNodeURI": {"identifier": "d", "uri": "http://h/d"},
        }
    ],
}
LRMI = {
    "@context": {"@vocab": "https://schema.org/"},
    "@graph": [
        {
            "@id": "http://h/r",
            "@type": "LearningResource",
            "name": {"@value": "Sums", "@language": "en"},
            "educationalAlignment": {
                "@type": "AlignmentObject",
                "alignmentType": "teaches",
                "targetUrl": "http://h/o",
            },
        }
    ],
}
XAPI = {
    "actor": {"account": {"homePage": "http://h", "name": "maria"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "http://h/r", "definition": {"type": "http://h/t"}},
    "result": {"score": {"scaled": 0.5}, "success": True, "duration": "PT1M"},
    "timestamp": "2026-01-31T12:00:00Z",
}
TREE = [
    {
        "id": "t",
        "title": "Sums",
        "kind": "topic",
        "children": [{"id": "v", "title": "Add", "kind": "video", "children": []}],
    }
]
OAI = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-01-31T12:00:00Z</responseDate><ListRecords><record><header>
<identifier>oai:h:1</identifier><datestamp>2026-01-31</datestamp></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title xml:lang="en">Sums</dc:title>
<dc:language>en</dc:language></oai_dc:dc></metadata></record>
<resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>"""
LOM = (
    OAI[: OAI.index(b"<oai_dc")]
    + (
        b'<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string language="en">Sums'
        b"</string></title></general><classification><taxonPath><taxon><id>x</id><entry><string>"
        b"Add</string></entry></taxon></taxonPath></classification></lom>"
    )
    + OAI[OAI.index(b"</metadata>") :]
)
CLAIMS = {
    f"{LTI}message_type": "LtiDeepLinkingRequest",
    f"{LTI}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
    f"{LTI}custom": {"outcome": "o"},
    f"{LTI}launch_presentation": {"locale": "en"},
    f"{LINKS}deep_linking_settings": {
        "deep_link_return_url": "https://lms.example/back",
        "accept_types": ["link"],
    },
    "sub": "maria",
}
MANIFEST = {
    "id": "i-12345678",
    "created": "2026-01-31",
    "encoder": "e",
    "encoder_fingerprint": "f",
    "dimension": 4,
    "normalised": True,
    "text_version": 1,
    "revision": 1,
    "frameworks": {"f": "x"},
    "outcomes": 1,
    "resources": 1,
    "files": {"outcomes.faiss": "0" * 64},
    "format": 3,
}
COMPETED = {
    "topics.csv": b"id,title,channel,parent,has_content\nt,Sums,c,,True\n",
    "content.csv": b"id,title\nv,Add\n",
    "correlations.csv": b"topic_id,content_ids\nt,v\n",
}
FOLDER = {
    DATASET_FILE: b'{"name": "d", "languages": ["en"]}',
    "outcomes.jsonl": OUTCOMES,
    "resources.jsonl": RESOURCES,
    "alignments.csv": b"resource,outcome,relation,split\nr,o,teaches,train\n",
    "prerequisites.csv": b"outcome,requires\no,p\n",
    "crosswalk.csv": b"outcome,other,match\no,p,exact\n",
    "interactions.csv": b"learner,time,event,score\nmaria,2026-01-31,completed,0.5\n",
}
FOLDER_FILES = [DATASET_FILE, *FILES.values(), *(f"{name}.gz" for name in FILES.values())]
COMPETED_FILES = list(COMPETITION.values())

READERS = {
    "any": Reader(_recognised, [OUTCOMES, _json(PACKAGE), _json(TREE), _json(LRMI)]),
    "case": Reader(documents(CasePackage(), "p.json"), [_json(PACKAGE)]),
    "case list": Reader(_case_list, [_json({"CFDocuments": [PACKAGE["CFDocument"]]})]),
    "claims": Reader(_claims, [_json(CLAIMS)]),
    "competition": Reader(
        folders(Competition(), COMPETED_FILES, COMPETED),
        [bytes([COMPETED_FILES.index(name)]) + content for name, content in COMPETED.items()],
    ),
    "confidence": Reader(
        _in_file(lambda folder: read_confidence(folder / "c"), "c"), [_json({"bias": 1.0})]
    ),
    "folder": Reader(
        folders(DatasetFolder(), FOLDER_FILES, FOLDER),
        [bytes([FOLDER_FILES.index(name)]) + content for name, content in FOLDER.items()],
    ),
    "kolibri": Reader(documents(Kolibri(), "c.json", "c.json.gz"), [_json(TREE)]),
    "kolibri database": Reader(documents(Kolibri(), "c.sqlite3"), [_channel()]),
    "lrmi": Reader(
        documents(Lrmi(), "r.json", "r.jsonl", "r.html"),
        [
            _json(LRMI),
            b'<html><script type="application/ld+json">' + _json(LRMI) + b"</script></html>",
        ],
    ),
    "lti keys": Reader(
        _keys, [_json({"keys": [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}]})]
    ),
    "lti seal": Reader(_Seals(), [b"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.AAAA"]),
    "lti token": Reader(
        _token, [b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2xtcyJ9.AAAA"]
    ),
    "manifest of a bundle": Reader(
        _in_file(said_of, "bundle.json"), [_json({"format": 1, "files": {}})]
    ),
    "manifest of a snapshot": Reader(_in_file(read_manifest, "manifest.json"), [_json(MANIFEST)]),
    "oai": Reader(_oai, [OAI, LOM]),
    "table": Reader(
        documents(Table(), "t.csv", "t.tsv", "t.jsonl"),
        [b"id,title,levels\nr,Sums,4;5\n", b"id\ttitle\nr\tSums\n", RESOURCES],
    ),
    "xapi": Reader(documents(Xapi(), "s.json", "s.jsonl"), [_json(XAPI), _json([XAPI, XAPI])]),
}
