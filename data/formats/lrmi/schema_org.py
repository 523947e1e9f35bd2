"""Words of schema.org: what its values say, its licences and durations, its names."""

import math
import re
from typing import Any, Final

IRI: Final = "https://schema.org/"
PREFIXES: Final = {
    "schema": IRI,
    "sdo": IRI,
    "lrmi": "http://purl.org/dcx/lrmi-terms/",
}
# Properties of a creative work that nothing else is known under, so that they need no long name.
_PROPERTIES = (
    "abstract accessMode accessModeSufficient accessibilityAPI accessibilityControl"
    " accessibilityFeature accessibilityHazard accessibilitySummary acquireLicensePage"
    " aggregateRating alternateName alternativeHeadline articleBody audience author"
    " contributor copyrightHolder copyrightYear creativeWorkStatus creator creditText"
    " dateCreated dateModified datePublished discussionUrl editor educationalUse encoding"
    " encodingFormat funder hasPart headline image interactivityType isAccessibleForFree"
    " isBasedOn isFamilyFriendly isPartOf keywords learningOutcome mainEntity mainEntityOfPage"
    " maintainer material mentions offers position provider publisher sameAs size"
    " sourceOrganization spatialCoverage sponsor subjectOf temporalCoverage thumbnailUrl"
    " translator typicalAgeRange usageInfo version workExample workTranslation"
)
PROPERTIES: Final = frozenset(_PROPERTIES.split())
# What the format reads into a field or an alignment, and the types that it knows by name.
_READ = (
    "about assesses competencyRequired description educationalAlignment educationalLevel"
    " identifier inLanguage learningResourceType license name teaches text timeRequired url"
    " alignmentType educationalFramework targetDescription targetName targetUrl"
    " inDefinedTermSet termCode value item itemListElement AlignmentObject DefinedTerm"
    " LearningResource"
)
READ: Final = frozenset(_READ.split())
_OURS = re.compile(
    r"https?://(?:(?:www\.)?schema\.org|purl\.org/dcx/lrmi-terms)/(?P<name>[^/#?]+)\Z"
)
_ROOT = re.compile(r"https?://(?:www\.)?schema\.org[/#]?\Z")
_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:"
    r"licenses/(?P<terms>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>[1-4]\.[05])"
    r"|publicdomain/zero/1\.0)(?:/|/deed(?:\.\w+)?|/legalcode(?:\.\w+)?)?\Z",
    re.IGNORECASE,
)
_SPDX = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-([1-4]\.[05])\Z")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?\Z"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


def short_name(iri: str) -> str:
    """The plain name of what is named by an address of schema.org or LRMI; others stay."""
    found = _OURS.match(iri)
    return found["name"] if found else iri


def is_root(iri: str) -> bool:
    """Whether this is the address of schema.org itself, as contexts give it."""
    return _ROOT.match(iri) is not None


def texts(value: Any) -> list[str]:
    """The texts that a value says: itself, those of a list, or what an object is called."""
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in texts(item)]
    if isinstance(value, dict):
        named = ("@value", "name", "value", "@id", "url")
        return next(([text] for key in named if isinstance(text := value.get(key), str)), [])
    return [value] if isinstance(value, str) else []


def first(value: Any) -> str | None:
    """The first of the texts that is not empty."""
    return next((text for text in texts(value) if text), None)


def address(value: Any) -> str | None:
    """The first address: a text, or where an object is."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = next((item[key] for key in ("@id", "url", "name") if item.get(key)), None)  # noqa: PLW2901
        if isinstance(item, str) and item:
            return item
    return None


def licence_name(url: str) -> str:
    """The SPDX name of a Creative Commons licence that is given by its address; others stay."""
    found = _CREATIVE_COMMONS.match(url)
    if found is None:
        return url
    return f"CC-{found['terms'].upper()}-{found['version']}" if found["terms"] else "CC0-1.0"


def licence_url(name: str) -> str:
    """The address of a Creative Commons licence that is given by its SPDX name; others stay."""
    if name == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _SPDX.match(name)
    if found is None:
        return name
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"


def minutes(duration: Any) -> float | None:
    """The minutes of an ISO 8601 duration; None for another text, and for months and years."""
    found = _DURATION.match(duration) if isinstance(duration, str) else None
    if found is None or not any(found.groups()):
        return None
    seconds = sum(int(found[name]) * size for name, size in _SECONDS.items() if found[name])
    return seconds // 60 if seconds % 60 == 0 else seconds / 60


def duration_of(value: Any) -> str | None:
    """Minutes as an ISO 8601 duration of hours, minutes and seconds; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    whole = round(value * 60)
    if not 0 < whole < 10**9:
        return None
    parts = ((whole // 3_600, "H"), (whole // 60 % 60, "M"), (whole % 60, "S"))
    written = "PT" + "".join(f"{count}{unit}" for count, unit in parts if count)
    return written if minutes(written) == value else None
