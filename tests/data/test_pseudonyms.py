import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from data.pseudonyms import objection, pseudonym

KEY = SecretStr("a key that nobody guesses")


@given(st.text(st.characters()))
def test_without_a_key_a_learner_keeps_the_id(learner):
    assert pseudonym(learner, None) == learner


def test_a_pseudonym_is_the_first_half_of_an_hmac_over_the_id():
    whole = hmac.new(KEY.get_secret_value().encode(), b"ana@school", hashlib.sha256)
    assert pseudonym("ana@school", KEY) == f"p-{whole.hexdigest()[:32]}"


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_the_same_learner_has_the_same_pseudonym_and_another_has_another(one, other):
    assert (pseudonym(one, KEY) == pseudonym(other, KEY)) == (one == other)


def test_another_key_gives_another_pseudonym():
    assert pseudonym("ana", KEY) != pseudonym("ana", SecretStr("another key, as long as it"))


def test_what_looks_like_a_pseudonym_is_hashed_all_the_same():
    once = pseudonym("ana", KEY)
    assert pseudonym(once, KEY) not in ("ana", once)


@given(st.text(st.characters()))
def test_a_pseudonym_may_be_kept_whatever_it_was_made_of(learner):
    assert objection(pseudonym(learner, KEY)) is None


@pytest.mark.parametrize("learner", ["l1", "7", "b3c9-11e4", "https://id.example/7", "ученик-5"])
def test_a_pseudonym_of_anyones_making_may_be_kept(learner):
    assert objection(learner) is None


@pytest.mark.parametrize(
    "learner", ["ana@school.example", "Ana Pérez", "ana\tperez", "ana ", "Ana\u00a0Pérez", "@ana"]
)
def test_a_name_or_an_address_is_not_kept_nor_repeated_in_the_reason(learner):
    reason = objection(learner)
    assert "looks like a name or an address" in reason
    assert "GATEWAYS_LEARNER_KEY" in reason
    assert learner.strip() not in reason


def test_an_id_is_neither_empty_nor_longer_than_others():
    assert objection("") == "learner is missing"
    assert objection("x" * 500) is None
    assert objection("x" * 501) == "learner has 501 characters; an id may have 500"
