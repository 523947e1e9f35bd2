"""What checks find, in the reader's words."""

from typing import Final

from evaluation.conformance.findings import Finding
from service.web import wording
from service.web.wording import message

# Checks say them in English; here they are marked to be translated, and a test holds both together.
TEXTS: Final = frozenset(
    {
        message("%(licence)s is not among the licences allowed"),
        message("%(passed)s of %(all)s resources; %(wanted)s of a hundred are wanted"),
        message("LIX %(index)s"),
        message("LIX %(index)s, above %(most)s"),
        message("aligned to %(there)s outcomes, %(wanted)s wanted"),
        message("e-mail addresses: %(mails)s, telephone numbers: %(numbers)s"),
        message("it answers %(status)s"),
        message("its source does not let it be downloaded"),
        message("its source does not say whether it can be downloaded"),
        message("languages: %(count)s (%(languages)s)"),
        message("last changed on %(day)s"),
        message("neither levels nor an age range are stated"),
        message("no answer in %(seconds)s seconds"),
        message("no answer: %(reason)s"),
        message("no date that tells its age is stated"),
        message("no language is stated"),
        message("no licence is stated"),
        message("no outcome has a resource"),
        message("none of %(all)s resources tells"),
        message("not an address on the open network"),
        message("not asked for"),
        message("not declared: %(features)s"),
        message("not stated: %(fields)s"),
        message("the address cannot be read"),
        message("the address does not begin with https"),
        message("the address follows readers: %(names)s"),
        message("the address has a name or a password in it"),
        message("the age range %(said)s ends before it begins"),
        message("«%(fact)s» is no fact that this program tells"),
        message("«%(said)s» is no licence that is known here"),
        message("«%(tag)s» is not the tag of a language"),
    }
)


def said(finding: Finding) -> str:
    """The text in the page's language, with its numbers as they are written there."""
    spoken = wording.current()
    values = {
        name: spoken.number(value) if isinstance(value, int | float) else value
        for name, value in finding.values.items()
    }
    text = str(spoken.messages.gettext(finding.text))
    return text % values if values else text
