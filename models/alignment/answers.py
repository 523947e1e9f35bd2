"""An answer as the ledger keeps it, and as the command line and the service tell it."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from data.records import Showing, ShownSuggestion
from models.alignment.aligner import Aligner
from models.suggestion import Answer, Reason, Suggestion


def showing(aligner: Aligner, answer: Answer, resource: str | None) -> Showing:
    """What the ledger keeps of an answer: the list, and the model and index that made it."""
    manifest = aligner.snapshot.manifest
    shown = tuple(
        ShownSuggestion(
            outcome=found.outcome,
            rank=found.rank,
            score=round(found.score, 4),
            confidence=round(found.confidence, 4),
            selected=found.selected,
        )
        for found in answer.suggestions
    )
    concerned = {aligner.entry(found.outcome).outcome.framework for found in answer.suggestions}
    return Showing(
        id=uuid.uuid4().hex,
        resource=resource,
        time=time.time(),
        model=manifest.model,
        index=manifest.id,
        frameworks={name: manifest.frameworks.get(name, "") for name in concerned},
        shown=shown,
    )


def told(aligner: Aligner, answer: Answer, kept: Showing) -> dict[str, Any]:
    """The answer as JSON; docs/api.md explains every field."""
    abstained = answer.abstained
    return {
        "suggestion_id": kept.id,
        "model": kept.model,
        "index": kept.index,
        "abstained": abstained and {"cause": abstained.cause, "help": abstained.help},
        "items": [_told(aligner, found) for found in answer.suggestions],
    }


def _told(aligner: Aligner, found: Suggestion) -> Mapping[str, Any]:
    entry = aligner.entry(found.outcome)
    outcome = entry.outcome
    return {
        "outcome": {
            "id": outcome.id,
            "framework": outcome.framework,
            "code": outcome.code,
            "title": outcome.title,
            "path": list(entry.path),
        },
        "rank": found.rank,
        "score": round(found.score, 4),
        "confidence": round(found.confidence, 4),
        "selected": found.selected,
        "reasons": [_reason(reason) for reason in found.reasons],
    }


def _reason(reason: Reason) -> Mapping[str, Any]:
    return {
        "kind": reason.kind,
        "strength": reason.strength,
        "moved": reason.moved,
        "words": list(reason.words),
        "resources": list(reason.resources),
        "by": [asdict(origin) for origin in reason.by],
    }
