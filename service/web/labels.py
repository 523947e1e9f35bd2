"""What people read in place of our own words: values of the domain → texts to be translated."""

from collections.abc import Mapping
from typing import Any, Final

from data.catalogue.queued import QueueOrder
from data.records import Event, Match, RejectionReason, Verdict
from models.suggestion import AbstentionCause, ReasonKind
from service.web.wording import message

THEMES: Final = {"": message("As the device"), "light": message("Light"), "dark": message("Dark")}
ROOMS: Final = {
    message("Find"): (
        "/find",
        "/frameworks",
        "/outcomes",
        "/resources",
        "/coverage",
        "/lists",
        "/norms",
        "/platforms",
        "/evidence",
    ),
    message("Next steps"): ("/learners",),
    message("Curate"): ("/curate", "/suggest"),
    message("Models"): ("/models",),
    message("Administration"): ("/administration",),
}
"""A room's name → where it starts, and what else belongs to it."""
ORDERS: Final = {
    QueueOrder.TEACHES: message("What teaches most first"),
    QueueOrder.CONFIDENCE: message("The surest first"),
    QueueOrder.SUBJECT: message("By subject"),
    QueueOrder.SOURCE: message("By source"),
}
REASONS: Final = {
    RejectionReason.CURRICULUM: message("does not suit the curriculum"),
    RejectionReason.SUBJECT: message("not related to the subject"),
    RejectionReason.CULTURE: message("culturally unsuitable"),
    RejectionReason.ACTIVITY: message("wrong kind of activity"),
    RejectionReason.TOO_ADVANCED: message("too advanced"),
    RejectionReason.TOO_BASIC: message("too basic"),
    RejectionReason.QUALITY: message("not well made"),
    RejectionReason.ALREADY_USED: message("already used"),
    RejectionReason.OTHER: message("other"),
}
EVENTS: Final = {
    Event.VIEWED: message("viewed"),
    Event.ATTEMPTED: message("attempted"),
    Event.COMPLETED: message("completed"),
    Event.SKIPPED: message("skipped"),
}
# The kinds that have a word in every language; others are told as they are.
KINDS: Final = {
    "lesson": message("Lesson"),
    "video": message("Video"),
    "exercise": message("Exercise"),
    "simulation": message("Simulation"),
    "quiz": message("Quiz"),
    "game": message("Game"),
    "audio": message("Audio"),
    "document": message("Document"),
    "book": message("Book"),
    "article": message("Article"),
    "image": message("Image"),
    "assessment": message("Assessment"),
    "course": message("Course"),
}
FIELDS: Final = {
    "id": message("Id"),
    "framework": message("Curriculum"),
    "parent": message("Id of what it is part of"),
    "code": message("Code"),
    "title": message("Title"),
    "description": message("Description"),
    "text": message("Text"),
    "kind": message("Kind"),
    "subject": message("Subject"),
    "levels": message("Levels"),
    "language": message("Language"),
    "url": message("Address"),
    "license": message("Licence"),
    "position": message("Place among its siblings"),
    "assignable": message("Whether resources may be aligned to it"),
}
CAUSES: Final = {
    AbstentionCause.NO_TEXT: message("no text"),
    AbstentionCause.LANGUAGE: message("language not supported"),
    AbstentionCause.NOTHING_ALLOWED: message("no outcome passes the filters"),
    AbstentionCause.NOTHING_CLOSE: message("nothing close enough"),
}
CAUSE_HELPS: Final = {
    AbstentionCause.NO_TEXT: message("Say in words what the resource is about."),
    AbstentionCause.LANGUAGE: message(
        "The model does not know this language. Whoever runs this service can choose one that does."
    ),
    AbstentionCause.NOTHING_ALLOWED: message("Choose another curriculum, language or level."),
    AbstentionCause.NOTHING_CLOSE: message(
        "A longer description or another curriculum may help; perhaps no curriculum here has such "
        "an outcome."
    ),
}
PROBLEMS: Final = {
    400: message("This was not understood"),
    401: message("A key is needed"),
    403: message("This is not allowed"),
    404: message("This is not here"),
    405: message("This is not allowed"),
    409: message("Something else was quicker"),
    413: message("This is too long"),
    422: message("Something is missing or wrong"),
    500: message("Something went wrong here"),
    503: message("This does not work just now"),
}
HELPS: Final = {
    401: message("Sign in, then try again."),
    403: message("Ask an administrator if you need this."),
    404: message("The address may be mistyped, or what was here is gone. Look for it by its name."),
    409: message("Look at what is there now, then try again."),
    413: message("Send a shorter one."),
    422: message("Go back, look at what was entered or chosen, and try again."),
    500: message("It was written down. Try again; if it stays, tell whoever runs this service."),
    503: message("Try again in a moment."),
}
"""What to do about a problem, by its status."""
JOBS: Final = {
    "promote": message("Promotion"),
    "rollback": message("Rollback"),
    "retrain": message("Training"),
    "freeze": message("Freeze"),
    "import": message("Import"),
    "index": message("Indexing"),
    "harvest": message("Harvest"),
    "carry": message("Carrying over"),
    "evidence": message("Report of evidence"),
    "crosswalk": message("Crosswalk"),
}
MATCHES: Final = {
    Match.EXACT: message("the same"),
    Match.BROADER: message("broader"),
    Match.NARROWER: message("narrower"),
    Match.RELATED: message("related"),
    Match.SUCCESSOR: message("its successor"),
}
MATCH_MEANINGS: Final = {
    Match.EXACT: message("the same"),
    Match.BROADER: message("broader: it takes in more"),
    Match.NARROWER: message("narrower: it takes in less"),
    Match.RELATED: message("related: they overlap"),
}
"""What one can be accepted as, in their order."""
MATCH_ACCEPTED: Final = {
    Match.EXACT: message("Accept as the same"),
    Match.BROADER: message("Accept as broader"),
    Match.NARROWER: message("Accept as narrower"),
    Match.RELATED: message("Accept as related"),
    Match.SUCCESSOR: message("Accept as its successor"),
}
SAID: Final = {
    Verdict.ACCEPT: message("Accepted"),
    Verdict.REJECT: message("Rejected"),
    Verdict.DEFER: message("Deferred"),
}
REASON_KINDS: Final = {
    ReasonKind.MEANING: message("meaning"),
    ReasonKind.WORDS: message("words in common"),
    ReasonKind.TITLE: message("the title"),
    ReasonKind.NEIGHBOURS: message("resources near it"),
    ReasonKind.SURROUNDINGS: message("its place in the framework"),
    ReasonKind.SUBJECT: message("the subject"),
    ReasonKind.LEVEL: message("the level"),
    ReasonKind.LANGUAGE: message("the language"),
    ReasonKind.CROSSWALK: message("the crosswalk"),
}

TABLES: Final[Mapping[str, Mapping[Any, str]]] = {
    "said": SAID,
    "event_name": EVENTS,
    "cause_name": CAUSES,
    "help_with": CAUSE_HELPS,
    "job_name": JOBS,
    "problem_name": PROBLEMS,
    "field_name": FIELDS,
    "kind_name": KINDS,
    "reason_name": REASON_KINDS,
    "reason_to_reject": REASONS,
    "match_name": MATCHES,
    "accept_as": MATCH_ACCEPTED,
}
"""The name of a template's filter → what it takes, and what it makes of it."""
