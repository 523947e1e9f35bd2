"""XML of others is read within bounds, or not at all."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.harvesting.xml import DEEPEST, MOST, child, parse, words

LAUGHS = b"""<!DOCTYPE x [<!ENTITY a "haha">%s]><x>&i;</x>""" % b"".join(
    b'<!ENTITY %c "%s">' % (ord("a") + step, b"&%c;" % (ord("a") + step - 1) * 10)
    for step in range(1, 9)
)


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b'<!DOCTYPE x [<!ENTITY %% a SYSTEM "file:///etc/passwd"> %%a;]><x/>',
        b"<!DOCTYPE html><html/>",
    ],
)
def test_document_types_and_entities_are_refused(document):
    with pytest.raises(GatewaysError, match=r"document type or entities|not well-formed"):
        parse(document)


@pytest.mark.slow
def test_a_document_is_not_too_deep_nor_too_long():
    assert parse(b"<x>" * DEEPEST + b"</x>" * DEEPEST).tag == "x"
    with pytest.raises(GatewaysError, match="nested more than"):
        parse(b"<x>" * 100_000)
    with pytest.raises(GatewaysError, match="more than 400,000 elements"):
        parse(b"<x>" + b"<y/>" * (MOST + 1))


@pytest.mark.parametrize(
    "document",
    [b"", b"<x>", b"no", b"<x>\xff</x>", b"<x>&undefined;</x>", b"<x>\x0b</x>", b"<x/><y/>"]
    + [b'<?xml version="1.0" encoding="%s"?><x/>' % name for name in (b"none", b"utf-7", b"big5")],
)
def test_what_is_not_well_formed_is_refused_with_a_reason(document):
    with pytest.raises(GatewaysError, match="not well-formed"):
        parse(document)


def test_other_encodings_are_read_where_they_are_declared():
    said = '<?xml version="1.0" encoding="{}"?><x>é</x>'
    for encoding in ("iso-8859-1", "utf-16", "windows-1252"):
        assert words(parse(said.format(encoding).encode(encoding))) == "é"
    assert words(parse("<x>\ufeffé</x>".encode("utf-8-sig"))) == "\ufeffé"


def test_elements_are_found_by_name_in_whatever_namespace():
    root = parse(b'<a xmlns="urn:1" xmlns:o="urn:2"><o:b><c> x <i>y</i> </c></o:b><b><c/></b></a>')
    assert words(child(root, "b", "c")) == "x y"
    assert child(root, "c") is None
    assert words(None) == ""


@given(st.binary(max_size=200))
def test_nothing_but_our_error_is_raised(document):
    with suppress(GatewaysError):
        parse(b"<x>" + document)
