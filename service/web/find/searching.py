"""Outcomes and resources for what someone wrote: by meaning, or by words where no index is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from anyio.to_thread import run_sync
from pydantic import BaseModel, ConfigDict, Field

from data.catalogue import Catalogue
from data.errors import UnavailableError
from data.records import Resource
from models.encoder import Matrix
from models.languages import primary
from models.suggestion import AbstentionCause, Filters, Query
from service.api.wire import Text
from service.asking.searching import fitting_outcomes, in_language_first, near
from service.engine.live import Serving
from service.parts import Parts
from service.web.find.shown import Card, Placed, placed

OUTCOMES, RESOURCES = 6, 20
# Levels are not in the index: so many of the nearest are looked at for those that have the level.
LOOKED_AT = 200


class Wanted(BaseModel):
    """What is looked for, and what it must have; "" lets all through."""

    model_config = ConfigDict(frozen=True)

    q: Text = Field("", max_length=2_000)
    framework: Text = ""
    level: Text = ""
    subject: Text = ""
    language: Text = ""
    kind: Text = ""
    platform: Text = ""
    after: Text = ""

    @property
    def narrowed(self) -> bool:
        """Whether a language, a kind, a level or a platform must be had."""
        return any((self.language, self.kind, self.level, self.platform))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, the nearest first; `by_meaning` unless only the words were looked for.

    `unfit` is why no outcome fits by its meaning, if none does: the resources are then the nearest
    there are and may be about something else.
    """

    outcomes: tuple[Placed, ...]
    resources: tuple[Card, ...]
    by_meaning: bool
    unfit: AbstentionCause | None = None


async def search(parts: Parts, wanted: Wanted, language: str = "") -> Found:
    """What is nearest in meaning, or what has the words where meaning cannot be told.

    Of the resources, those in the reader's `language` come first.
    """
    found = await _search(parts, wanted, primary(language))
    ordered = in_language_first([card.resource for card in found.resources], language)
    return replace(found, resources=tuple(Card(resource=one) for one in ordered))


async def _search(parts: Parts, wanted: Wanted, language: str) -> Found:
    try:
        serving = parts.live.serving()
        with parts.turns.turn():
            vector = await parts.batcher.encode(serving.aligner, Query(text=wanted.q))
            return await run_sync(_by_meaning, parts.catalogue, serving, vector, wanted)
    except UnavailableError:
        return await run_sync(_by_words, parts.catalogue, wanted, language)


def _by_meaning(catalogue: Catalogue, serving: Serving, vector: Matrix, wanted: Wanted) -> Found:
    snapshot = serving.snapshot
    filters = Filters(
        frameworks=(wanted.framework,) if wanted.framework else (),
        levels=(wanted.level,) if wanted.level else (),
    )
    # Subjects are no filter of the aligner's.
    some = LOOKED_AT if wanted.subject else OUTCOMES
    fitting, unfit = fitting_outcomes(serving, Query(text=wanted.q), vector, filters, some)
    entries = [one for one in fitting if wanted.subject in ("", one.outcome.subject)][:OUTCOMES]
    most = LOOKED_AT if wanted.level else RESOURCES
    only = (wanted.language or None, wanted.kind or None)
    platform = wanted.platform or None
    nearest = near(catalogue, snapshot.resources, vector, only, most, platform)
    levels = {entry.outcome.id: entry.levels for entry in snapshot.entries} if wanted.level else {}
    return Found(
        outcomes=tuple(Placed(outcome=one.outcome, above=one.path[:-1]) for one in entries),
        resources=cards_of(catalogue, nearest, levels, wanted.level),
        by_meaning=True,
        unfit=unfit,
    )


def _by_words(catalogue: Catalogue, wanted: Wanted, language: str) -> Found:
    outcomes = catalogue.outcomes.page(
        wanted.framework or None,
        text=wanted.q,
        level=wanted.level or None,
        limit=LOOKED_AT if wanted.subject else OUTCOMES,
    ).items
    fitting = [one for one in outcomes if wanted.subject in ("", one.subject)][:OUTCOMES]
    resources = catalogue.resources.page(
        text=wanted.q,
        language=wanted.language or None,
        kind=wanted.kind or None,
        platform=wanted.platform or None,
        first=language,
        limit=LOOKED_AT if wanted.level else RESOURCES,
    ).items
    levels = levels_of(catalogue, resources) if wanted.level else {}
    return Found(
        outcomes=placed(catalogue, fitting),
        resources=cards_of(catalogue, resources, levels, wanted.level),
        by_meaning=False,
    )


def levels_of(catalogue: Catalogue, resources: Iterable[Resource]) -> dict[str, tuple[str, ...]]:
    """Outcome → the levels that it names itself, of those that these resources are aligned to."""
    aligned = catalogue.alignments.of_resources(resource.id for resource in resources)
    outcomes = catalogue.outcomes.many(found.outcome for found in aligned)
    return {id_: outcome.levels for id_, outcome in outcomes.items()}


def cards_of(
    catalogue: Catalogue,
    resources: Sequence[Resource],
    levels: Mapping[str, Sequence[str]],
    level: str,
) -> tuple[Card, ...]:
    """The first that name the level themselves or were accepted for an outcome that has it."""
    fitting: Iterable[Resource] = resources
    if level:
        aligned = catalogue.alignments.of_resources(resource.id for resource in resources)
        there = {one.resource for one in aligned if level in levels.get(one.outcome, ())}
        fitting = (one for one in resources if level in one.levels or one.id in there)
    return tuple(Card(resource=one) for one in fitting)[:RESOURCES]
