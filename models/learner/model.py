"""What is learned of a platform's learners ↔ one JSON file: a tracer, and who helped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError

from data.errors import GatewaysError
from data.output_file import write_text
from models.learner.difficulty import Difficulties
from models.learner.features import NAMES
from models.learner.tracing import Tracer, starting_tracer

FORMAT: Final = 1
FILE: Final = "learner.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerModel:
    """A tracer, and how much more others learned from each resource than expected, in log-odds."""

    tracer: Tracer
    helpful: Mapping[str, float] = field(default_factory=dict)


class _File(BaseModel):
    """The file as it is written; anything else in it is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: int
    kind: str
    share: FiniteFloat
    timed: bool
    certainty: FiniteFloat
    learners: int
    answers: int
    intercept: FiniteFloat
    typical: FiniteFloat
    weights: dict[str, FiniteFloat]
    outcome_easiness: dict[str, FiniteFloat]
    item_easiness: dict[str, FiniteFloat]
    outcome_weights: dict[str, FiniteFloat]
    item_weights: dict[str, FiniteFloat]
    helpful: dict[str, FiniteFloat]


def read_learner_model(path: Path) -> LearnerModel:
    """Read a model. Raises GatewaysError when there is none, or one of another version."""
    try:
        found = _File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise GatewaysError(
            f"{path}: cannot be read ({error.strerror}); mend that, or run `gateways train learner`"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise GatewaysError(
            f"{path}: no learner model ({where}: {first['msg']}); run `gateways train learner`"
        ) from None
    if found.format != FORMAT or not set(found.weights) <= set(NAMES):
        raise GatewaysError(
            f"{path}: made by another version of this program; run `gateways train learner`"
        )
    tracer = Tracer(
        kind=found.kind,
        share=found.share,
        difficulties=Difficulties(
            typical=found.typical, outcomes=found.outcome_easiness, items=found.item_easiness
        ),
        intercept=found.intercept,
        weights=found.weights,
        outcomes=found.outcome_weights,
        items=found.item_weights,
        timed=found.timed,
        certainty=found.certainty,
        learners=found.learners,
        answers=found.answers,
    )
    return LearnerModel(tracer=tracer, helpful=found.helpful)


def write_learner_model(path: Path, model: LearnerModel) -> None:
    """Write a model, whole or not at all. Raises GatewaysError where that cannot be."""
    tracer = model.tracer
    said: dict[str, Any] = {
        "format": FORMAT,
        "kind": tracer.kind,
        "share": tracer.share,
        "timed": tracer.timed,
        "certainty": tracer.certainty,
        "learners": tracer.learners,
        "answers": tracer.answers,
        "intercept": tracer.intercept,
        "typical": tracer.difficulties.typical,
        "weights": tracer.weights,
        "outcome_easiness": tracer.difficulties.outcomes,
        "item_easiness": tracer.difficulties.items,
        "outcome_weights": tracer.outcomes,
        "item_weights": tracer.items,
        "helpful": model.helpful,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from error
    write_text(path, json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def learner_model_in(path: Path) -> LearnerModel:
    """The model in a file; where there is none, what a new platform starts with."""
    return read_learner_model(path) if path.exists() else LearnerModel(tracer=starting_tracer())
