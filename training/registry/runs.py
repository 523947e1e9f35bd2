"""MLflow's store in a folder, and the runs of one kind of model: the only file that loads MLflow.

Nothing is sent anywhere: the store is a SQLite file in the workspace, the artefacts lie beside it.
"""

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.errors import GatewaysError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

STORE: Final = "mlflow.db"
ARTIFACTS: Final = "artifacts"
MOST_TEXT: Final = 5000
"""Characters that MLflow keeps of a description or a tag."""

MOST_METRICS: Final = 1000
"""Metrics that MLflow takes at once."""

BUSY_SECONDS: Final = 30
"""How long another process that writes to the store is waited for, as for the catalogue."""

QUIET: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}
_OF_THE_STORE: Final = {"mlflow", "sqlalchemy"}
_STRANGE: Final = re.compile(r"[^\w./ -]")


class Runs:
    """The runs of one model, by MLflow's name for it, in the store of one folder."""

    def __init__(self, folder: Path, model: str) -> None:
        """Name the folder; nothing is made, and MLflow not loaded, until something is kept."""
        self._folder, self._model = folder, model

    @property
    def exist(self) -> bool:
        """Whether anything was ever kept here, of whatever model."""
        return (self._folder / STORE).is_file()

    @cached_property
    def client(self) -> "MlflowClient":
        """MLflow's own, over a store that is made when it is not there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self.exist:
            # MLflow takes ten seconds over a new store; killed meanwhile, it could not go on.
            aside = self._folder / f".{STORE}"
            aside.unlink(missing_ok=True)
            _client_of(aside).create_registered_model(self._model)
            aside.rename(self._folder / STORE)
        return _client_of(self._folder / STORE)

    def place(self, run: str) -> Path:
        """Where a run's artefacts are, wherever the workspace was when they were kept."""
        return self._artifacts / run / "artifacts"

    def add(
        self,
        tags: Mapping[str, str],
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
    ) -> str:
        """Keep a new run, and return its id."""
        from mlflow.entities import Metric, Param

        run = str(self.client.create_run(self._experiment, tags=dict(tags)).info.run_id)
        now = int(time.time() * 1000)
        params = [Param(name, str(value)[:MOST_TEXT]) for name, value in parameters.items()]
        self.client.log_batch(run, params=params)
        logged = [Metric(_metric(name), value, now, 0) for name, value in metrics.items()]
        for start in range(0, len(logged), MOST_METRICS):
            self.client.log_batch(run, metrics=logged[start : start + MOST_METRICS])
        self.client.set_terminated(run)
        return run

    def tagged(self, tag: str) -> str:
        """The run of this model that has a tag, by its id; empty if there is none."""
        experiments = [
            found.experiment_id
            for found in self.client.search_experiments()
            if found.name.startswith(f"{self._model} in ")
        ]
        found = self.client.search_runs(experiments, f"tags.{tag} = 'true'", max_results=1)
        return str(found[0].info.run_id) if found else ""

    @cached_property
    def _experiment(self) -> str:
        # MLflow never moves an experiment's artefacts; a workspace may be.
        name = f"{self._model} in {self._artifacts}"
        if found := self.client.get_experiment_by_name(name):
            return str(found.experiment_id)
        return str(self.client.create_experiment(name, artifact_location=str(self._artifacts)))

    @property
    def _artifacts(self) -> Path:
        return self._folder.resolve() / ARTIFACTS


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Have what fails in the store of a folder told as a GatewaysError."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _OF_THE_STORE:
            raise
        told = str(error).splitlines()[0]
        remedy = "another process writes to it; wait for it, then try again"
        why = remedy if "is locked" in told else told
        raise GatewaysError(f"{folder / STORE}: {why}") from error


def load_mlflow() -> "type[MlflowClient]":
    """Import MLflow so that it keeps to itself. Raises GatewaysError where it is not installed."""
    os.environ.update(QUIET)  # MLflow reads them when it is imported
    try:
        from mlflow import MlflowClient
    except ImportError:
        raise GatewaysError(
            "the registry needs MLflow, which is not installed; `pip install 'gateways[train]'` "
            "mends it"
        ) from None
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    return MlflowClient


def metrics_of(run: "Run") -> dict[str, float]:
    """A run's metrics under the names that they were given with."""
    return {name.replace("_at_", "@"): value for name, value in run.data.metrics.items()}


def _client_of(store: Path) -> "MlflowClient":
    address = f"sqlite:///{store.resolve()}?timeout={BUSY_SECONDS}"
    return load_mlflow()(tracking_uri=address, registry_uri=address)


def _metric(name: str) -> str:
    """A metric's name as MLflow takes it."""
    return _STRANGE.sub("_", name.replace("@", "_at_"))
