from evaluation.conformance.profile_difference import difference
from evaluation.conformance.profile_file import parse_profile


def test_a_profile_is_as_itself(small, small_text):
    assert difference(small, parse_profile(small_text)).is_none


def test_rules_are_added_removed_and_changed(small, small_text):
    text = small_text.replace('id = "kind"', 'id = "kinder"')
    text = text.replace("at_least = 0.5", "at_least = 0.75").replace('kind = ["Video"]', "")
    found = difference(small, parse_profile(text))
    assert (found.added, found.removed) == (("kinder",), ("kind",))
    changed = {one.rule: one.fields for one in found.changed}
    share = {"name": "share", "rule": "captions", "at_least": 0.5}
    assert changed == {
        "captions": (("applies_to", {"kind": ["Video"]}, {}),),
        "half-captions": (("check", share, share | {"at_least": 0.75}),),
    }


def test_the_order_of_rules_is_no_difference(small):
    turned = small.model_copy(update={"rules": small.rules[::-1]})
    assert difference(small, turned).is_none
