"""What the page shows, gathered from catalogue and answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from data.catalogue import Catalogue
from data.records import Decision, Framework, RejectionReason, Resource
from models.alignment.aligner import Aligner
from models.suggestion import Abstention
from service.asking.suggesting import Answered
from service.web.ask.tree import Branch, Leaf, grow

LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the person typed or picked."""

    title: str = ""
    text: str = ""
    language: str = ""
    framework: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the page shows whatever is asked."""

    frameworks: Mapping[str, Framework]
    languages: tuple[str, ...]
    resources: tuple[Resource, ...]
    more: str | None
    reasons: tuple[RejectionReason, ...] = field(default=tuple(RejectionReason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An answer as the page shows it.

    `likely` has what likely fits and what was decided, `possible` what is worth showing though it
    likely does not fit, `others` the rest of the list, and `earlier` the decisions on outcomes that
    are not in the list any more. `suggests` is whether any that is likely waits for a decision.
    """

    resource: Resource | None
    suggestion: str
    abstained: Abstention | None
    suggests: bool
    likely: Mapping[str, Branch]
    possible: Mapping[str, Branch]
    others: Mapping[str, Branch]
    earlier: tuple[Leaf, ...]
    decided: Decision | None


def surroundings(
    catalogue: Catalogue, language: str | None = None, cursor: str | None = None
) -> Surroundings:
    """Frameworks, languages and some resources. Raises GatewaysError for a malformed cursor."""
    frameworks = catalogue.frameworks.by_id()
    stated = [tag for source in catalogue.datasets.all() for tag in source.languages]
    stated += [found.language for found in frameworks.values() if found.language]
    languages = sorted(set(stated))
    mixed = [] if language or cursor else _a_few_of_each(catalogue, languages)
    page = catalogue.resources.page(language=language, after=cursor, limit=LISTED)
    return Surroundings(
        frameworks=frameworks,
        languages=tuple(languages),
        resources=tuple(mixed or page.items),
        more=None if mixed else page.next,
    )


def _a_few_of_each(catalogue: Catalogue, languages: Sequence[str]) -> list[Resource]:
    """Resources in every language, since ids often begin with it; none if only one has some."""
    each = -(-LISTED // max(1, len(languages)))
    found = [catalogue.resources.page(language=tag, limit=each).items for tag in languages]
    several = [items for items in found if items]
    return [resource for items in several for resource in items] if len(several) > 1 else []


def result(catalogue: Catalogue, answered: Answered, decided: int | None) -> Result:
    """An answer with the decisions that stand; `decided` is the id of the one just made."""
    resource_id = answered.kept.resource
    resource = catalogue.resources.get(resource_id) if resource_id else None
    standing = catalogue.ledger.standing(resource.id) if resource else {}
    suggested = {found.outcome: found for found in answered.answer.suggestions}
    just_now = next((one for one in standing.values() if one.id == decided), None)
    leaves = [
        Leaf(entry=answered.aligner.entry(name), suggestion=found, decision=standing.get(name))
        for name, found in suggested.items()
    ]
    left = [one for name, one in standing.items() if name not in suggested]
    kept = _decided(answered.aligner, left)
    for leaf in kept:
        if just_now is not None and leaf.decision is just_now:
            leaves.insert(_place(just_now), leaf)
    shown = [leaf for leaf in leaves if _is_prominent(leaf)]
    likely = [leaf for leaf in shown if leaf.decision is not None or leaf.is_likely]
    return Result(
        resource=resource,
        suggestion=answered.kept.id,
        abstained=answered.answer.abstained,
        suggests=any(leaf.decision is None for leaf in likely),
        likely=grow(likely),
        possible=grow(leaf for leaf in shown if leaf.decision is None and not leaf.is_likely),
        others=grow(leaf for leaf in leaves if not _is_prominent(leaf)),
        earlier=tuple(leaf for leaf in kept if leaf.decision is not just_now),
        decided=just_now,
    )


def _is_prominent(leaf: Leaf) -> bool:
    return leaf.decision is not None or (leaf.suggestion is not None and leaf.suggestion.selected)


def _place(decision: Decision) -> int:
    """Where a decision's outcome stood in the list that was shown; first if it was in none."""
    shown = decision.showing.shown if decision.showing else ()
    return next((one.rank - 1 for one in shown if one.outcome == decision.outcome), 0)


def _decided(aligner: Aligner, decisions: Iterable[Decision]) -> list[Leaf]:
    return [
        Leaf(entry=entry, decision=decision)
        for decision in decisions
        if (entry := aligner.found(decision.outcome)) is not None
    ]
