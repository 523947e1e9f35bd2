"""OAI-PMH 2.0 as a harvester speaks it: questions to one repository, and its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from data.errors import GatewaysError
from data.formats.fields import shown
from data.harvesting.described import NAMESPACES
from data.harvesting.fetching import Answer, Fetcher
from data.harvesting.xml import child, children, local, parse, words

DUBLIN_CORE: Final = "oai_dc"
LONGEST_TOKEN: Final = 4_000
SECONDS = "%Y-%m-%dT%H:%M:%SZ"
DAYS = "%Y-%m-%d"


class OaiError(GatewaysError):
    """The repository says that something is wrong with the question; `code` is its word for it.

    `time` is when it says that it answered (Unix seconds).
    """

    def __init__(self, code: str, time: float | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.time = time


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What a repository says of itself."""

    name: str
    by_seconds: bool
    deleted: str

    def date(self, time: float) -> str:
        """A time (Unix seconds) as the repository takes dates."""
        return datetime.fromtimestamp(time, UTC).strftime(SECONDS if self.by_seconds else DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record of a list; `metadata` is None where it was deleted, or is missing."""

    identifier: str
    deleted: bool
    metadata: Element | None
    datestamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A part of a list: when it was answered (Unix seconds), and how to ask for the rest."""

    items: list[Item]
    token: str | None
    time: float | None
    size: int


@dataclass(frozen=True, slots=True)
class Client:
    """Asks the repository at an address. Every question may raise GatewaysError."""

    fetcher: Fetcher
    url: str

    def identify(self) -> Repository:
        """Ask the repository who it is."""
        found, _ = self._ask({"verb": "Identify"}, "Identify")
        return Repository(
            name=words(child(found, "repositoryName")),
            by_seconds="hh" in words(child(found, "granularity")),
            deleted=words(child(found, "deletedRecord")),
        )

    def best_prefix(self) -> str:
        """The format to ask for: one that tells of learning if there is one, else Dublin Core."""
        found, _ = self._ask({"verb": "ListMetadataFormats"}, "ListMetadataFormats")
        for offered in children(found, "metadataFormat"):
            namespace = words(child(offered, "metadataNamespace"))
            prefix = words(child(offered, "metadataPrefix"))
            if prefix and namespace.startswith(NAMESPACES):
                return prefix
        return DUBLIN_CORE

    def first(self, prefix: str, set_: str | None, since: str | None) -> ListPage:
        """Begin a list of records. One without any is an empty page."""
        asked = {"verb": "ListRecords", "metadataPrefix": prefix, "set": set_, "from": since}
        try:
            return self._page({name: value for name, value in asked.items() if value})
        except OaiError as error:
            if error.code != "noRecordsMatch":
                raise
            return ListPage(items=[], token=None, time=error.time, size=0)

    def following(self, token: str) -> ListPage:
        """Go on with a list."""
        return self._page({"verb": "ListRecords", "resumptionToken": token})

    def _page(self, asked: Mapping[str, str]) -> ListPage:
        found, answer = self._ask(asked, "ListRecords")
        token = words(child(found, "resumptionToken"))
        if len(token) > LONGEST_TOKEN:
            raise GatewaysError(f"{shown(self.url)}: it gave a token of {len(token):,} characters")
        items = [_item(record) for record in children(found, "record")]
        return ListPage(
            items=items, token=token or None, time=answer.time, size=len(answer.said.body)
        )

    def _ask(self, asked: Mapping[str, str], wanted: str) -> "tuple[Element, _Read]":
        mark = "&" if "?" in self.url else "?"
        answer = self.fetcher.get(f"{self.url}{mark}{urlencode(asked)}")
        try:
            root = parse(answer.body)
        except GatewaysError as error:
            raise _not_oai(answer, str(error)) from None
        if local(root) != "OAI-PMH":
            raise _not_oai(answer, f"it is {shown(local(root))}")
        time = time_of(words(child(root, "responseDate")))
        if faults := children(root, "error"):
            code, said = faults[0].get("code", ""), words(faults[0])
            where = f"{shown(self.url)}: {shown(asked['verb'])}"
            raise OaiError(code, time, f"{where}: {shown(code)}: {shown(said)}")
        found = child(root, wanted)
        if found is None:
            raise _not_oai(answer, f"it has no {wanted}")
        return found, _Read(answer, time)


@dataclass(frozen=True, slots=True)
class _Read:
    said: Answer
    time: float | None


def time_of(written: str) -> float | None:
    """A date of OAI-PMH in Unix seconds; None if it is none."""
    for form in (SECONDS, DAYS):
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC).timestamp()
        except (ValueError, OverflowError):
            continue
    return None


def _item(record: Element) -> Item:
    header = child(record, "header")
    metadata = child(record, "metadata")
    return Item(
        identifier=words(child(record, "header", "identifier")),
        deleted=header is not None and header.get("status") == "deleted",
        metadata=None if metadata is None else next(iter(metadata), None),
        datestamp=words(child(record, "header", "datestamp")),
    )


def _not_oai(answer: Answer, why: str) -> GatewaysError:
    kind = f" ({shown(answer.content_type)})" if answer.content_type else ""
    return GatewaysError(
        f"{shown(answer.url)}: the answer{kind} cannot be read as OAI-PMH: {why}; look at the "
        "address in a browser"
    )
