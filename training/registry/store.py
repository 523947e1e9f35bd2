"""What was trained here, version by version, with its reports."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from models.bundles.published_versions import FILE, named
from models.bundles.released import CHAMPION, SHIPPED
from training.registry.kinds import ALIGNMENT, Kind
from training.registry.published_versions import publish
from training.registry.runs import MOST_TEXT, Runs, explained, load_mlflow, metrics_of
from training.registry.versions import CHALLENGER, Version

if TYPE_CHECKING:
    from mlflow.entities import Run

BUNDLE: Final = "bundle"
REPORTS: Final = "reports"


T = TypeVar("T")
P = ParamSpec("P")


def _explained(
    method: Callable[Concatenate["Registry", P], T],
) -> Callable[Concatenate["Registry", P], T]:
    @wraps(method)
    def explaining(registry: "Registry", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with explained(registry.folder):
            return method(registry, *args, **kwargs)

    return explaining


class Registry:
    """The versions of one kind of model that were registered in one folder.

    What cannot be read or written in its store raises GatewaysError.
    """

    def __init__(self, folder: Path, kind: Kind = ALIGNMENT) -> None:
        """Name the folder; nothing is made, and MLflow not loaded, until something is kept."""
        self.folder, self._kind = folder, kind
        self._runs = Runs(folder, kind.name)

    def check(self) -> None:
        """Raise GatewaysError if nothing can be kept, before anything is made that is to be."""
        load_mlflow()

    @_explained
    def register(
        self,
        folder: Path,
        *,
        dataset: str,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        code: str,
    ) -> Version:
        """Keep a model's folder with all that is known of it; it becomes the challenger.

        `dataset` is the fingerprint of what it learned from, `code` the program that made it. A
        slice's metrics are named `language/hi/recall@10`. What was registered already is the
        challenger again, unless it is the champion, so that an interrupted run may try again.
        Raises GatewaysError when the model is damaged, or MLflow is not installed.
        """
        said = self._kind.described(folder)
        for known in self.versions():
            if known.digest == said.digest:
                return self._challenging(known)
        tags = {
            "bundle": folder.resolve().name,
            "dataset": dataset,
            "code": code,
            **asdict(said),
        }
        if not self._runs.client.search_registered_models(f"name='{self._kind.name}'"):
            self._runs.client.create_registered_model(self._kind.name)
        run = self._runs.add(tags, parameters, metrics)
        self._runs.client.log_artifacts(run, str(folder), BUNDLE)
        made = self._runs.client.create_model_version(
            self._kind.name,
            source=str(self._runs.place(run) / BUNDLE),
            run_id=run,
            tags=tags,
            description=self._card(folder),
        )
        return self._challenging(self.version(str(made.version)))

    def _card(self, folder: Path) -> str | None:
        card = folder / self._kind.card if self._kind.card else None
        return card.read_text("utf-8")[:MOST_TEXT] if card and card.is_file() else None

    def _challenging(self, version: Version) -> Version:
        """Have the alias `challenger` on a version, unless it needs none."""
        if version.name != SHIPPED and not {CHAMPION, CHALLENGER} & set(version.aliases):
            self._runs.client.set_registered_model_alias(self._kind.name, CHALLENGER, version.name)
        return named(version.name, self._publish())

    @_explained
    def versions(self) -> list[Version]:
        """All that was registered, the newest first, and at the end what ships."""
        if not self._runs.exist:
            return [self._kind.shipped()]
        model = f"name='{self._kind.name}'"
        aliases: Mapping[str, Any] = {}
        for registered in self._runs.client.search_registered_models(model):
            aliases = registered.aliases
        found = self._runs.client.search_model_versions(model, max_results=1000)
        made_here = [
            self._version(
                str(each.version),
                self._runs.client.get_run(str(each.run_id)),
                tuple(name for name, of in sorted(aliases.items()) if str(of) == str(each.version)),
                each.tags,
            )
            for each in sorted(found, key=lambda each: -int(each.version))
        ]
        run = self._runs.tagged(SHIPPED)
        shipped = self._kind.shipped(run, self._reports(run), is_champion=CHAMPION not in aliases)
        return [*made_here, shipped]

    def version(self, name: str) -> Version:
        """The version of this number, alias or folder's name. Raises NotFoundError."""
        return named(name, self.versions())

    @_explained
    def add_report(self, name: str, fingerprint: str, *files: Path) -> None:
        """Keep how a version did on the dataset of this fingerprint: the JSON, and other files.

        To compare two versions both need a report of the same data, also what ships.
        """
        run = self.version(name).run or self._runs.add({SHIPPED: "true"}, {}, {})
        # MLflow would write where the run's artefacts were before the workspace was moved.
        place = self._runs.place(run) / REPORTS / fingerprint
        place.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, place)
        self._publish()

    @_explained
    def crown(self, name: str) -> None:
        """Have the alias `champion` on this version, or on none if it is what ships."""
        versions = {version.name: version for version in self.versions()}
        if name in versions and CHAMPION not in versions[name].aliases:
            self._have_champion(versions[name])
        elif (self.folder / FILE).is_file():
            return  # nothing changed, and what was published says so
        if self._runs.exist:
            self._publish()

    def _have_champion(self, version: Version) -> None:
        if version.name == SHIPPED:
            self._runs.client.delete_registered_model_alias(self._kind.name, CHAMPION)
            return
        self._runs.client.set_registered_model_alias(self._kind.name, CHAMPION, version.name)
        if CHALLENGER in version.aliases:
            self._runs.client.delete_registered_model_alias(self._kind.name, CHALLENGER)

    @_explained
    def note_force(self, name: str, reason: str, objections: tuple[str, ...]) -> None:
        """Keep with a version why it was promoted in spite of the gate's objections."""
        if name != SHIPPED:
            for tag, text in (("forced", reason), ("objections", json.dumps(objections))):
                self._runs.client.set_model_version_tag(
                    self._kind.name, name, tag, text[:MOST_TEXT]
                )
            self._publish()

    def _publish(self) -> list[Version]:
        """Write all versions down for those who read no registry, and return them.

        Only those of the alignment model have a page.
        """
        versions = self.versions()
        if self._kind is ALIGNMENT:
            publish(self.folder, versions)
        return versions

    def _reports(self, run: str) -> dict[str, Path]:
        found = (self._runs.place(run) / REPORTS).glob("*/*.json")
        newest_last = sorted(found, key=lambda path: path.stat().st_mtime)
        return {path.parent.name: path for path in newest_last}

    def _version(
        self, name: str, run: "Run", aliases: tuple[str, ...], tags: Mapping[str, str]
    ) -> Version:
        return Version(
            name=name,
            aliases=aliases,
            run=run.info.run_id,
            folder=self._runs.place(run.info.run_id) / BUNDLE,
            metrics=metrics_of(run),
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
