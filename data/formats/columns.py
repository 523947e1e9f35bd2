"""A table's headings → our fields."""

from collections.abc import Collection, Mapping, Sequence

from data.errors import GatewaysError

# Headings that mean one of our fields; docs/formats.md lists them too.
SYNONYMS = {
    "identifier": "id",
    "name": "title",
    "summary": "description",
    "lang": "language",
    "level": "levels",
    "grade": "levels",
    "grades": "levels",
    "year": "levels",
    "years": "levels",
    "parent_id": "parent",
    "type": "kind",
    "link": "url",
    "licence": "license",
}
_OF_OUTCOMES = {"parent", "framework", "assignable"}


def match_columns(
    headings: Sequence[str], fields: Collection[str], chosen: Mapping[str, str]
) -> dict[str, str]:
    """Return heading → field. What is `chosen` (field → heading) beats a name, a name a synonym.

    Case, surrounding spaces and the difference between space, hyphen and underscore do not count.
    """
    bare = {heading: plain(heading) for heading in headings}
    wanted = {plain(theirs): ours for ours, theirs in chosen.items()}
    matched: dict[str, str] = {}
    for names in (wanted, {field: field for field in fields}, SYNONYMS):
        for heading in headings:
            field = names.get(bare[heading], "")
            if field in fields and field not in matched.values() and heading not in matched:
                matched[heading] = field
    return matched


def guess_kind(headings: Sequence[str], chosen: Mapping[str, str]) -> str:
    """Say whether headings are those of "outcomes" or of "resources"."""
    named = {SYNONYMS.get(plain(heading), plain(heading)) for heading in headings}
    return "outcomes" if (named | set(chosen)) & _OF_OUTCOMES else "resources"


def check_columns(
    headings: Sequence[str],
    fields: Collection[str],
    chosen: Mapping[str, str],
    required: Collection[str],
    file: str,
) -> None:
    """Raise GatewaysError, naming the columns, when a chosen or a required one is not there."""
    there = ", ".join(heading for heading in headings if heading)
    for ours, theirs in chosen.items():
        if ours not in fields:
            raise GatewaysError(
                f"{file}: there is no field `{ours}` to give a column; fields: {', '.join(fields)}"
            )
        if plain(theirs) not in map(plain, headings):
            raise GatewaysError(f"{file}: there is no column `{theirs}`; the columns are: {there}")
    given = match_columns(headings, fields, chosen).values()
    for field in required:
        if field not in given:
            made = ", or have ids made with `--make-ids`" if field == "id" else ""
            raise GatewaysError(
                f"{file}: no column gives the {field}; the columns are: {there}. "
                f"Name one with `--column {field}=Heading`{made}"
            )


def plain(heading: str) -> str:
    """A heading without what does not count in comparing it."""
    return "_".join(heading.casefold().replace("-", " ").replace("_", " ").split())
