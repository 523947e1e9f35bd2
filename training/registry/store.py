"""What was trained here, with its reports: the only file that knows MLflow.

Nothing is sent anywhere: the store is a SQLite file in the workspace, the artefacts lie beside it.
"""

import json
import logging
import os
import re
import shutil
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.errors import GatewaysError
from evaluation.benchmark.published_versions import FILE
from models.bundles.bundle import CARD, MANIFEST, read_bundle
from models.bundles.released import SHIPPED
from models.checksums import checksum
from training.registry.published_versions import publish
from training.registry.versions import CHALLENGER, CHAMPION, Version, named, shipped_version

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

MODEL: Final = "alignment"
STORE: Final = "mlflow.db"
ARTIFACTS: Final = "artifacts"
BUNDLE: Final = "bundle"
REPORTS: Final = "reports"
MOST_TEXT: Final = 5000
"""Characters that MLflow keeps of a description or a tag."""

MOST_METRICS: Final = 1000
"""Metrics that MLflow takes at once."""

QUIET: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}
_STRANGE: Final = re.compile(r"[^\w./ -]")


class Registry:
    """The versions of the alignment model that were registered in one folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is made, and MLflow not loaded, until something is kept."""
        self._folder = folder

    def register(
        self,
        bundle: Path,
        *,
        dataset: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        code: str,
    ) -> Version:
        """Keep a bundle's folder with all that is known of it; it becomes the challenger.

        `dataset` is the fingerprint of what it learned from, `code` the program that made it. A
        slice's metrics are named `language/hi/recall@10`. What was registered already is the
        challenger again, unless it is the champion, so that an interrupted run may try again.
        Raises GatewaysError when the bundle is damaged, or MLflow is not installed.
        """
        sound = read_bundle(bundle)
        digest = checksum(bundle / MANIFEST)
        for known in self.versions():
            if known.digest == digest:
                return self._challenging(known)
        tags = {
            "bundle": bundle.resolve().name,
            "digest": digest,
            "dataset": dataset,
            "code": code,
            "base": sound.base,
            "trained_on": sound.trained_on,
            "created": sound.created,
        }
        run = self._run_with(tags, parameters, metrics)
        self._client.log_artifacts(run, str(bundle), BUNDLE)
        card = bundle / CARD
        made = self._client.create_model_version(
            MODEL,
            source=str(self._place(run) / BUNDLE),
            run_id=run,
            tags=tags,
            description=card.read_text("utf-8")[:MOST_TEXT] if card.is_file() else None,
        )
        return self._challenging(self.version(str(made.version)))

    def _challenging(self, version: Version) -> Version:
        """Have the alias `challenger` on a version, unless it needs none."""
        if version.name != SHIPPED and not {CHAMPION, CHALLENGER} & set(version.aliases):
            self._client.set_registered_model_alias(MODEL, CHALLENGER, version.name)
        return named(version.name, self._publish())

    def versions(self) -> list[Version]:
        """All that was registered, the newest first, and at the end what ships."""
        if not self._exists:
            return [shipped_version()]
        aliases: Mapping[str, Any] = self._client.get_registered_model(MODEL).aliases
        found = self._client.search_model_versions(f"name='{MODEL}'", max_results=1000)
        registered = [
            self._version(
                str(each.version),
                self._client.get_run(str(each.run_id)),
                tuple(name for name, of in sorted(aliases.items()) if str(of) == str(each.version)),
                each.tags,
            )
            for each in sorted(found, key=lambda each: -int(each.version))
        ]
        run = self._run_of_shipped()
        shipped = shipped_version(run, self._reports(run), is_champion=CHAMPION not in aliases)
        return [*registered, shipped]

    def version(self, name: str) -> Version:
        """The version of this number, alias or bundle's name. Raises NotFoundError."""
        return named(name, self.versions())

    def add_report(self, name: str, fingerprint: str, *files: Path) -> None:
        """Keep how a version did on the dataset of this fingerprint: the JSON, and other files.

        To compare two versions both need a report of the same data, also what ships.
        """
        run = self.version(name).run or self._run_with({SHIPPED: "true"}, {}, {})
        # MLflow would write where the run's artefacts were before the workspace was moved.
        place = self._place(run) / REPORTS / fingerprint
        place.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, place)
        self._publish()

    def crown(self, name: str) -> None:
        """Have the alias `champion` on this version, or on none if it is what ships."""
        versions = {version.name: version for version in self.versions()}
        if name in versions and CHAMPION not in versions[name].aliases:
            self._have_champion(versions[name])
        elif (self._folder / FILE).is_file():
            return  # nothing changed, and what was published says so
        if self._exists:
            self._publish()

    def _have_champion(self, version: Version) -> None:
        if version.name == SHIPPED:
            self._client.delete_registered_model_alias(MODEL, CHAMPION)
            return
        self._client.set_registered_model_alias(MODEL, CHAMPION, version.name)
        if CHALLENGER in version.aliases:
            self._client.delete_registered_model_alias(MODEL, CHALLENGER)

    def note_force(self, name: str, reason: str, objections: tuple[str, ...]) -> None:
        """Keep with a version why it was promoted in spite of the gate's objections."""
        if name != SHIPPED:
            for tag, text in (("forced", reason), ("objections", json.dumps(objections))):
                self._client.set_model_version_tag(MODEL, name, tag, text[:MOST_TEXT])
            self._publish()

    def _publish(self) -> list[Version]:
        """Write all versions down for those who read no registry, and return them."""
        versions = self.versions()
        publish(self._folder, versions)
        return versions

    @property
    def _exists(self) -> bool:
        return (self._folder / STORE).is_file()

    @cached_property
    def _client(self) -> "MlflowClient":
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._exists:
            # MLflow takes ten seconds over a new store; killed meanwhile, it could not go on.
            aside = self._folder / f".{STORE}"
            aside.unlink(missing_ok=True)
            _client_of(aside).create_registered_model(MODEL)
            aside.rename(self._folder / STORE)
        return _client_of(self._folder / STORE)

    @cached_property
    def _experiment(self) -> str:
        # MLflow never moves an experiment's artefacts; a workspace may be.
        name = f"{MODEL} in {self._artifacts}"
        if found := self._client.get_experiment_by_name(name):
            return str(found.experiment_id)
        return str(self._client.create_experiment(name, artifact_location=str(self._artifacts)))

    @property
    def _artifacts(self) -> Path:
        return self._folder.resolve() / ARTIFACTS

    def _place(self, run: str) -> Path:
        return self._artifacts / run / "artifacts"

    def _run_with(
        self,
        tags: Mapping[str, str],
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
    ) -> str:
        """A new run, by its id."""
        from mlflow.entities import Metric, Param

        run = str(self._client.create_run(self._experiment, tags=dict(tags)).info.run_id)
        now = int(time.time() * 1000)
        params = [Param(name, str(value)[:MOST_TEXT]) for name, value in parameters.items()]
        self._client.log_batch(run, params=params)
        logged = [Metric(_metric(name), value, now, 0) for name, value in metrics.items()]
        for start in range(0, len(logged), MOST_METRICS):
            self._client.log_batch(run, metrics=logged[start : start + MOST_METRICS])
        self._client.set_terminated(run)
        return run

    def _reports(self, run: str) -> dict[str, Path]:
        found = (self._place(run) / REPORTS).glob("*/*.json")
        newest_last = sorted(found, key=lambda path: path.stat().st_mtime)
        return {path.parent.name: path for path in newest_last}

    def _run_of_shipped(self) -> str:
        """The run that has the reports of what ships, if there is one."""
        experiments = [found.experiment_id for found in self._client.search_experiments()]
        found = self._client.search_runs(experiments, f"tags.{SHIPPED} = 'true'", max_results=1)
        return str(found[0].info.run_id) if found else ""

    def _version(
        self, name: str, run: "Run", aliases: tuple[str, ...], tags: Mapping[str, str]
    ) -> Version:
        return Version(
            name=name,
            aliases=aliases,
            run=run.info.run_id,
            folder=self._place(run.info.run_id) / BUNDLE,
            metrics={found.replace("_at_", "@"): v for found, v in run.data.metrics.items()},
            parameters=run.data.params,
            reports=self._reports(run.info.run_id),
            bundle=tags["bundle"],
            digest=tags["digest"],
            dataset=tags["dataset"],
            code=tags["code"],
            base=tags["base"],
            trained_on=tags["trained_on"],
            created=tags["created"],
            forced=tags.get("forced", ""),
        )


def _client_of(store: Path) -> "MlflowClient":
    os.environ.update(QUIET)  # MLflow reads them when it is imported
    try:
        from mlflow import MlflowClient
    except ImportError:
        raise GatewaysError(
            "the registry needs MLflow, which is not installed; "
            "`pip install -c constraints.txt -e '.[train]'` mends it"
        ) from None
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    address = f"sqlite:///{store.resolve()}"
    return MlflowClient(tracking_uri=address, registry_uri=address)


def _metric(name: str) -> str:
    """A metric's name as MLflow takes it."""
    return _STRANGE.sub("_", name.replace("@", "_at_"))
