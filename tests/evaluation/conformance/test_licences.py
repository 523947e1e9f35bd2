import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.conformance.checks.licence import OPEN
from evaluation.conformance.licences import is_among, normalised

KINDS = st.sampled_from(["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"])
VERSIONS = st.sampled_from(["1.0", "2.0", "2.5", "3.0", "4.0"])


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-sa", "CC-BY-SA"),
        ("CC BY-NC-SA 3.0 IGO", "CC-BY-NC-SA-3.0-IGO"),
        ("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("Attribution-NonCommercial-NoDerivatives 4.0", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/us/deed.es", "CC-BY-NC-SA-3.0-US"),
        ("//creativecommons.org/licenses/by/4.0", None),
        ("CC0", "CC0-1.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.en", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("Public Domain", "CC-PDM-1.0"),
        ("mit", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("GPL-3.0-or-later", "GPL-3.0"),
        ("All rights reserved", None),
        ("by the author", None),
        ("CC BY-ND-SA 4.0", None),
        ("", None),
    ],
)
def test_a_licence_is_told_by_its_spdx_id(said, licence):
    assert normalised(said) == licence


@given(KINDS, VERSIONS, st.sampled_from(["http://", "https://", ""]), st.sampled_from(["", "/"]))
def test_name_abbreviation_and_address_of_one_licence_are_the_same(kind, version, scheme, end):
    expected = f"CC-{kind.upper()}-{version}"
    written = [
        f"{scheme}creativecommons.org/licenses/{kind}/{version}{end}",
        f"CC {kind.upper()} {version}",
        f"cc-{kind}-{version}",
        f"  CC   {kind}\n{version} ",
    ]
    assert {normalised(one) for one in written} == {expected}


@given(st.text() | st.from_regex(r"(?i)(cc|creative commons)[ -]?(by|zero|0)[a-z0-9 .-]*"))
def test_what_was_normalised_stays_as_it_is_and_no_text_breaks_it(said):
    once = normalised(said)
    assert once is None or normalised(once) == once


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [("CC-BY-4.0", True), ("CC-BY", True), ("CC-BY-3.0-IGO", True), ("CC-BY-NC-4.0", False)],
)
def test_an_entry_without_a_version_stands_for_all_its_versions_and_for_no_other(licence, is_open):
    assert is_among(licence, OPEN) is is_open
