"""What seeds become: bytes cut, changed and repeated, and JSON of which any value is another."""

import gzip
import json

from hypothesis import strategies as st

ODD = [
    *(b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\\", b"{", b"}", b"[", b"]"),
    *(b",", b"\n", b"\r", b"<", b">", b"&", b"<!DOCTYPE a>", b"\\ud800", b"NaN", b"-1", b"1e999"),
    *(b"null", b"9" * 5000, b"[" * 20_000, b'{"a":' * 20_000, b"<a>" * 500, b"\xf0\x9f\x98\x80"),
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "\x00", "\u202e", "id", "http://h", "javascript:a", "a" * 11_000]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["@id", "id", "title"]), inner)
    ),
    max_leaves=6,
)


@st.composite
def damaged(draw, seeds):
    """Bytes made of one of these seeds, or none of them."""
    seed = draw(st.sampled_from(list(seeds)))
    way = draw(st.integers(0, 4))
    if way == 0:
        return draw(st.binary(max_size=200))
    if way == 1 and (value := _as_json(seed)) is not None:
        return json.dumps(_with(draw, value)).encode()
    if way == 2:
        return gzip.compress(_spliced(draw, seed))
    return _spliced(draw, seed)


def _spliced(draw, seed):
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(seed)))
        end = draw(st.integers(start, min(len(seed), start + 30)))
        put = draw(st.sampled_from(ODD) | st.binary(max_size=6))
        seed = seed[:start] + put + seed[end:]
    return seed


def _as_json(seed):
    try:
        return json.loads(seed)
    except ValueError:
        return None


def _with(draw, value):
    """The value, of which something was replaced by something else."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(value)))
        return value | {name: _with(draw, value[name])}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _with(draw, value[place]), *value[place + 1 :]]
    return draw(VALUES)
