"""What changes models: promoting, rolling back, training anew, freezing; each is a job."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.errors import ConflictError
from data.splits import By
from evaluation.benchmark.comparison import MARGIN
from evaluation.measures.gaps import ENOUGH
from service.http.problems import InvalidError
from service.jobs.jobs import Jobs
from service.parts import Here, Parts
from service.web.forms import trimmed_texts
from service.web.models.measured import MEASURES, RESPECTS
from service.web.models.standing import standing, trial
from service.web.preferences import name_of
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)


class Way(StrEnum):
    """What can be trained, as `gateways retrain --way` calls it."""

    RANKER = "ranker"
    ADAPTER = "adapter"
    LORA = "lora"
    ENCODER = "encoder"


WAYS: Final = {
    "": message("What the data are enough for"),
    Way.RANKER: message("Ranker: minutes, from 100 resources on"),
    Way.ADAPTER: message("Adapter: minutes"),
    Way.LORA: message("Low-rank weights: a quarter of an hour and more"),
    Way.ENCODER: message("Encoder: hours, best on an accelerator"),
}
BYS: Final = {
    "": message("What the data are enough for"),
    By.OUTCOME: message("By outcome: the curriculum is new"),
    By.RESOURCE: message("By resource: it is known already"),
}
MOST_EPOCHS: Final = 100.0


@router.get("/models/promote")
async def ask_to_promote(request: Request, parts: Here, version: str = "") -> Response:
    """What a promotion means, and what speaks against it."""

    def render() -> Response:
        found = standing(parts.settings.home)
        wanted = found.version(version)
        return page(
            request,
            "models/promote.html",
            standing=found,
            version=wanted,
            trial=trial(found.champion, wanted),
            margin=MARGIN,
            enough=ENOUGH,
            measures=MEASURES,
            respects=RESPECTS,
        )

    return await run_sync(render)


@router.post("/models/promote")
async def promote(request: Request, parts: Here) -> Response:
    """Have a version serve; in spite of the gate only with a reason."""
    sent = await trimmed_texts(request)
    by = name_of(request)

    def start() -> Response:
        found = standing(parts.settings.home)
        version = found.version(sent.get("version", ""))
        if version is found.champion:
            raise ConflictError(f"version {version.name} is the champion already")
        reason = sent.get("reason", "")
        is_open = trial(found.champion, version).is_open
        if not is_open and not reason:
            raise InvalidError("#/reason", "say why it should serve in spite of what is against it")
        force = [] if is_open else ["--force", f"--reason={reason}"]
        return _started(parts, "promote", ["models", "promote", version.name, *force], by)

    return await run_sync(start)


@router.get("/models/rollback")
async def ask_to_roll_back(request: Request, parts: Here) -> Response:
    """What rolling back leads to."""

    def render() -> Response:
        found = standing(parts.settings.home)
        return page(request, "models/rollback.html", standing=found)

    return await run_sync(render)


@router.post("/models/rollback")
async def roll_back(request: Request, parts: Here) -> Response:
    """Have the champion before serve again, and keep why."""
    reason = (await trimmed_texts(request)).get("reason", "")
    if not reason:
        raise InvalidError("#/reason", "say why, so that it is known later")
    arguments = ["models", "rollback", f"--reason={reason}"]
    return await run_sync(_started, parts, "rollback", arguments, name_of(request))


@router.get("/models/retrain")
async def ask_to_retrain(request: Request, parts: Here) -> Response:
    """How to train anew on what was decided, and what was trained last."""

    def render() -> Response:
        return page(
            request,
            "models/retrain.html",
            ways=WAYS,
            bys=BYS,
            most_epochs=MOST_EPOCHS,
            counts=parts.catalogue.counts(),
            jobs=Jobs(parts.settings.home).all("retrain")[:5],
        )

    return await run_sync(render)


@router.post("/models/retrain")
async def retrain(request: Request, parts: Here) -> Response:
    """Train anew, or only tell what would be trained."""
    arguments = _retraining(await trimmed_texts(request))
    return await run_sync(_started, parts, "retrain", arguments, name_of(request))


@router.post("/models/data")
async def freeze(request: Request, parts: Here) -> Response:
    """Make a dataset of what was decided."""
    by = _one_of((await trimmed_texts(request)).get("by", By.OUTCOME), By, "by")
    arguments = ["freeze", f"--by={by}"]
    return await run_sync(_started, parts, "freeze", arguments, name_of(request))


def _retraining(sent: Mapping[str, str]) -> list[str]:
    """The command that a form asks for. Raises InvalidError."""
    arguments = ["retrain"]
    if by := sent.get("by"):
        arguments.append(f"--by={_one_of(by, By, 'by')}")
    if way := sent.get("way"):
        arguments.append(f"--way={_one_of(way, Way, 'way')}")
    try:
        epochs = float(sent.get("epochs") or 1)
    except ValueError:
        raise InvalidError("#/epochs", "is a number") from None
    if not 0.01 <= epochs <= MOST_EPOCHS:
        raise InvalidError("#/epochs", f"is a number from 0.01 to {MOST_EPOCHS:.0f}")
    arguments.append(f"--epochs={epochs:g}")
    return [*arguments, "--dry-run"] if "dry_run" in sent else arguments


def _one_of(name: str, kinds: type[StrEnum], field: str) -> str:
    if name not in list(kinds):
        raise InvalidError(f"#/{field}", f"is one of {', '.join(kinds)}")
    return name


def _started(parts: Parts, what: str, arguments: list[str], by: str) -> Response:
    job = Jobs(parts.settings.home).start(what, arguments, by)
    # 303: what follows is a GET, so that a reload starts nothing again.
    return RedirectResponse(f"/models/jobs/{job.id}", 303)
