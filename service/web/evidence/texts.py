"""What is measured and how, in words to be translated; the report itself has them in English."""

from collections.abc import Mapping
from typing import Final

from service.web.wording import message

TEXTS: Final = frozenset(
    {
        message("Outcomes with a resource"),
        message(
            "Of the outcomes to which resources may be aligned, the share that at least one "
            "resource teaches or assesses, as its source or a curator says; of several editions "
            "of a curriculum a total counts one, the newest to which alignments were carried over."
        ),
        message("Outcomes with resources in several languages"),
        message(
            "Of the outcomes that have a resource, the share that has resources in two "
            "languages or more; of several editions one counts, as for the coverage."
        ),
        message("Gap in coverage"),
        message(
            "The coverage of the best part less that of the worst, of parts with ten outcomes "
            "or more; the interval is Newcombe's for two independent shares."
        ),
        message("Resources that state a licence"),
        message("Of all resources, the share that states any licence."),
        message("Resources under an open licence"),
        message(
            "Of all resources, the share whose licence lets anybody use, change and share them "
            "for any purpose."
        ),
        message("Resources that cost nothing"),
        message(
            "Of the resources whose source says whether they cost anything, the share that is free."
        ),
        message("Resources that can be kept offline"),
        message(
            "Of the resources whose source says whether they may be downloaded, the share that may."
        ),
        message("Resources with a description or text"),
        message("Of all resources, the share that has a description or a text."),
        message("Resources aligned to an outcome"),
        message("Of all resources, the share that teaches or assesses an outcome."),
        message("Learners"),
        message(
            "Learners who did anything with a resource; of several platforms together each "
            "counts once for each platform."
        ),
        message("Interactions"),
        message(
            "Views, attempts, completions and skips, wherever enough learners are behind them."
        ),
        message("Completions"),
        message("Resources that learners completed, wherever enough learners are behind them."),
        message("Mean score at the first attempt"),
        message(
            "For each learner and outcome with two scored attempts or more, the first score; "
            "the mean of these."
        ),
        message("Mean score at the last attempt"),
        message("For the same learners and outcomes, the last score; the mean of these."),
        message("Mastery gained"),
        message(
            "For the same learners and outcomes, what the last scores have more than the first, "
            "divided by what the first lacked of a full score (normalised gain, Hake 1998)."
        ),
        message("Suggestions that curators accepted"),
        message(
            "Of the suggestions that a curator was shown and decided on one by one, the share "
            "that stands accepted."
        ),
        message("Why suggestions were rejected"),
        message("Of all rejections that stand, the share with this reason."),
        message("Curators who agree"),
        message(
            "Of the pairs of resource and outcome on which several curators decided, the share "
            "on which all said the same."
        ),
        message("Age of alignments"),
        message("The mean number of days since a resource was aligned to an outcome."),
        message("Alignments of the last year"),
        message("Of all pairs of resource and outcome, the share that was stated within 365 days."),
        message("Decisions on the curriculum as it is now"),
        message(
            "Of all decisions that stand, the share that was made on the present state of the "
            "curriculum."
        ),
        message("What platforms with the best coverage do differently"),
        message(
            "The mean of a practice over the half of the platforms with the best coverage less "
            "that over the others; the interval is a bootstrap over platforms."
        ),
    }
)
"""The titles and the methods of all measures."""

SLICES: Final[Mapping[str, str]] = {
    "framework": message("Curriculum"),
    "language": message("Language"),
    "kind": message("Kind of resource"),
    "level": message("Level"),
    "subject": message("Subject"),
    "confidence": message("Confidence"),
    "reason": message("Reason"),
}
NO_REASON: Final = message("none given")
NOT_STATED: Final = message("Not stated")
