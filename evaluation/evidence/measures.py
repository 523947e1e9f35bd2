"""What is measured: the name, the unit and, in one sentence, the method of each measure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What a value is; a difference is one of two shares."""

    SHARE = "share"
    COUNT = "count"
    MEAN = "mean"
    DAYS = "days"
    DIFFERENCE = "difference"


class Group(StrEnum):
    """The part of the report that a measure belongs to."""

    COVERAGE = "coverage"
    GAPS = "gaps"
    OPENNESS = "openness"
    USE = "use"
    CURATORS = "curators"
    FRESHNESS = "freshness"
    PRACTICES = "practices"


FORMULAS: Final = {
    Unit.SHARE: "sum(numerator) / sum(denominator)",
    Unit.MEAN: "sum(numerator) / sum(denominator)",
    Unit.DAYS: "sum(numerator) / sum(denominator)",
    Unit.COUNT: "sum(numerator)",
    Unit.DIFFERENCE: (
        "sum(numerator) / sum(denominator) of sign 1, less the same of the rows of sign -1"
    ),
}
"""How a value comes from those rows of rows.csv that name its figure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured."""

    id: str
    group: Group
    title: str
    unit: Unit
    method: str

    @property
    def formula(self) -> str:
        """How a figure's value comes from its rows."""
        return FORMULAS[self.unit]


_ALL: Final = (
    Measure(
        "coverage",
        Group.COVERAGE,
        "Outcomes with a resource",
        Unit.SHARE,
        "Of the outcomes to which resources may be aligned, the share that at least one resource "
        "teaches or assesses, as its source or a curator says; of several editions of a curriculum "
        "a total counts one, the newest to which alignments were carried over.",
    ),
    Measure(
        "several_languages",
        Group.COVERAGE,
        "Outcomes with resources in several languages",
        Unit.SHARE,
        "Of the outcomes that have a resource, the share that has resources in two languages or "
        "more; of several editions one counts, as for the coverage.",
    ),
    Measure(
        "coverage_gap",
        Group.GAPS,
        "Gap in coverage",
        Unit.DIFFERENCE,
        "The coverage of the best part less that of the worst, of parts with ten outcomes or more; "
        "the interval is Newcombe's for two independent shares.",
    ),
    Measure(
        "licence_stated",
        Group.OPENNESS,
        "Resources that state a licence",
        Unit.SHARE,
        "Of all resources, the share that states any licence.",
    ),
    Measure(
        "open_licence",
        Group.OPENNESS,
        "Resources under an open licence",
        Unit.SHARE,
        "Of all resources, the share whose licence lets anybody use, change and share them for any "
        "purpose.",
    ),
    Measure(
        "free",
        Group.OPENNESS,
        "Resources that cost nothing",
        Unit.SHARE,
        "Of the resources whose source says whether they cost anything, the share that is free.",
    ),
    Measure(
        "downloadable",
        Group.OPENNESS,
        "Resources that can be kept offline",
        Unit.SHARE,
        "Of the resources whose source says whether they may be downloaded, the share that may.",
    ),
    Measure(
        "described",
        Group.OPENNESS,
        "Resources with a description or text",
        Unit.SHARE,
        "Of all resources, the share that has a description or a text.",
    ),
    Measure(
        "aligned",
        Group.OPENNESS,
        "Resources aligned to an outcome",
        Unit.SHARE,
        "Of all resources, the share that teaches or assesses an outcome.",
    ),
    Measure(
        "learners",
        Group.USE,
        "Learners",
        Unit.COUNT,
        "Learners who did anything with a resource; of several platforms together each counts once "
        "for each platform.",
    ),
    Measure(
        "interactions",
        Group.USE,
        "Interactions",
        Unit.COUNT,
        "Views, attempts, completions and skips, wherever enough learners are behind them.",
    ),
    Measure(
        "completions",
        Group.USE,
        "Completions",
        Unit.COUNT,
        "Resources that learners completed, wherever enough learners are behind them.",
    ),
    Measure(
        "first_score",
        Group.USE,
        "Mean score at the first attempt",
        Unit.MEAN,
        "For each learner and outcome with two scored attempts or more, the first score; the mean "
        "of these.",
    ),
    Measure(
        "last_score",
        Group.USE,
        "Mean score at the last attempt",
        Unit.MEAN,
        "For the same learners and outcomes, the last score; the mean of these.",
    ),
    Measure(
        "mastery_gained",
        Group.USE,
        "Mastery gained",
        Unit.MEAN,
        "For the same learners and outcomes, what the last scores have more than the first, "
        "divided by what the first lacked of a full score (normalised gain, Hake 1998).",
    ),
    Measure(
        "accepted",
        Group.CURATORS,
        "Suggestions that curators accepted",
        Unit.SHARE,
        "Of the suggestions that a curator was shown and decided on one by one, the share that "
        "stands accepted.",
    ),
    Measure(
        "rejection_reason",
        Group.CURATORS,
        "Why suggestions were rejected",
        Unit.SHARE,
        "Of all rejections that stand, the share with this reason.",
    ),
    Measure(
        "agreement",
        Group.CURATORS,
        "Curators who agree",
        Unit.SHARE,
        "Of the pairs of resource and outcome on which several curators decided, the share on "
        "which all said the same.",
    ),
    Measure(
        "alignment_age",
        Group.FRESHNESS,
        "Age of alignments",
        Unit.DAYS,
        "The mean number of days since a resource was aligned to an outcome.",
    ),
    Measure(
        "recent_alignments",
        Group.FRESHNESS,
        "Alignments of the last year",
        Unit.SHARE,
        "Of all pairs of resource and outcome, the share that was stated within 365 days.",
    ),
    Measure(
        "present_decisions",
        Group.FRESHNESS,
        "Decisions on the curriculum as it is now",
        Unit.SHARE,
        "Of all decisions that stand, the share that was made on the present state of the "
        "curriculum.",
    ),
    Measure(
        "practice",
        Group.PRACTICES,
        "What platforms with the best coverage do differently",
        Unit.DIFFERENCE,
        "The mean of a practice over the half of the platforms with the best coverage less that "
        "over the others; the interval is a bootstrap over platforms.",
    ),
)
MEASURES: Final = {one.id: one for one in _ALL}
"""Id → measure, in the order in which they are told."""
