"""The setting `backend` → the conversion that computes an encoder, or none, which means torch."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from data.errors import GatewaysError
from models.backends.conversion import Conversion, NotConvertedError, converted
from models.backends.model_folder import fingerprint_of
from models.backends.names import AUTO, ONNX, OPENVINO, TORCH, Engine

FASTEST: Final[Engine] = ONNX
"""Of those that lose less than .002 recall@10 on Oak; see docs/benchmarks.md."""

_PACKAGES: Final[dict[Engine, tuple[str, ...]]] = {
    ONNX: ("onnx", "onnxruntime"),
    OPENVINO: ("onnx", "openvino"),
}
_REMEDIES: Final[dict[Engine, str]] = {
    ONNX: "pip install onnxruntime==1.32.0 onnx==1.23.2",
    OPENVINO: "pip install -e '.[openvino]'",
}

log = logging.getLogger(__name__)


def conversion_for(
    backend: str, folder: Path, low_rank: Path | None, models: Path
) -> Conversion | None:
    """The conversion that `backend` asks for: `auto` the fastest that there is, if it will do.

    Raises GatewaysError that says what is missing, or why a named engine will not do.
    """
    if backend == TORCH:
        return None
    engine = _engine(backend)
    made_of = fingerprint_of(folder, low_rank)
    try:
        _check_installed(engine)
        return converted(engine, folder, low_rank, made_of, models)
    except GatewaysError as error:
        if backend != AUTO:
            raise _with_remedy(error) from None
        log.warning("%s; torch computes it, which is slower", error)
        return None


def _engine(backend: str) -> Engine:
    if backend == AUTO:
        return FASTEST
    for engine in _PACKAGES:
        if backend == engine:
            return engine
    raise GatewaysError(f"backend {backend!r}: there are auto, torch, {', '.join(_PACKAGES)}")


def _with_remedy(error: GatewaysError) -> GatewaysError:
    if isinstance(error, NotConvertedError):
        return error.with_remedy("GATEWAYS_BACKEND=torch does without")
    return error


def _check_installed(engine: Engine) -> None:
    missing = [name for name in _PACKAGES[engine] if find_spec(name) is None]
    if missing:
        raise GatewaysError(
            f"backend {engine}: the package {missing[0]} is not installed; "
            f"`{_REMEDIES[engine]}` mends it"
        )
