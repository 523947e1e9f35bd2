"""A profile in another language, as far as it has texts in it."""

from typing import Final, TypeVar

from evaluation.conformance.profile import (
    Group,
    GroupWords,
    Profile,
    Rule,
    RuleWords,
    Translation,
)

FALLBACK: Final = "en"
T = TypeVar("T", Profile, Group, Rule)


def in_language(profile: Profile, tag: str) -> Profile:
    """The same rules in the words of that language, else in English, else in the profile's own.

    Of a tag such as `fr-CA` without texts of its own those of `fr` are taken. What is not
    translated stays as it is.
    """
    there = (profile.language, *profile.translations)
    wanted = (tag, tag.partition("-")[0], FALLBACK, profile.language)
    found = next(one for one in wanted if one in there)
    if found == profile.language:
        return profile
    said = profile.translations[found]
    spoken = _worded(profile, said)
    return spoken.model_copy(
        update={
            "language": found,
            "groups": tuple(_worded(one, said.groups.get(one.id)) for one in profile.groups),
            "rules": tuple(_worded(one, said.rules.get(one.id)) for one in profile.rules),
        }
    )


def _worded(one: T, words: Translation | GroupWords | RuleWords | None) -> T:
    if words is None:
        return one
    texts = {name: text for name, text in words if isinstance(text, str) and text}
    return one.model_copy(update=texts)
