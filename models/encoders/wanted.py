"""What a person calls a model → the name that its encoder is loaded by."""

from pathlib import Path

from data.errors import GatewaysError, NotFoundError
from data.settings import Settings
from data.workspace import Workspace
from models.bundles.named import BUNDLES, E5_OAK
from models.bundles.published_versions import named, read_versions, told
from models.bundles.released import AUTO, CHAMPION, SHIPPED, champion, encoder_name


def wanted_encoder(settings: Settings) -> str:
    """The name of the encoder that the settings ask for. Raises what `encoder_called` does."""
    name = CHAMPION if settings.encoder == AUTO else settings.encoder
    return encoder_called(name, settings.home)


def encoder_called(name: str, home: Path) -> str:
    """What ships, a folder or a model of the hub by its own name, a version by its folder.

    A version of the registry below `home` goes by its number, an alias, or its bundle's name; a
    folder goes before it. Raises NotFoundError that lists what there is, GatewaysError when the
    registry's files are damaged.
    """
    workspace = Workspace(home)
    if name in BUNDLES or (name and Path(name).is_dir()):
        return name
    if name == CHAMPION:  # the pointer to it is what holds
        name = encoder_name(champion(workspace.models), workspace.models)
        return E5_OAK if name == SHIPPED else name
    if name == SHIPPED:
        return E5_OAK
    versions = read_versions(workspace.registry)
    try:
        folder = named(name, versions).folder
    except NotFoundError:
        _check_cached(name, workspace.models, f"{', '.join(BUNDLES)}, {told(versions)}")
        return name
    if folder is None:
        raise NotFoundError(
            f"model {name!r}: where it lies was not written down; remove "
            f"{workspace.registry / 'versions.json'}, and `gateways models list` writes it anew"
        )
    return str(folder)


def _check_cached(name: str, models: Path, known: str) -> None:
    """Raise NotFoundError unless it is a model in the hub's cache."""
    from models.encoders.loading import encoder_folder  # loads what computes, which few names need

    try:
        encoder_folder(name, models)
    except GatewaysError as error:
        # Without a slash it may be a misspelt version: to download it would be no remedy.
        said = str(error) if "/" in name else f"model {name!r}: there is no such folder or version"
        raise NotFoundError(f"{said}. There are {known}, and any folder of a model") from None
