"""Converted layers on OpenVINO, which computes in bfloat16 where the processor can."""

import sys
import threading
from pathlib import Path

from models.backends.protocol import Hidden

# To import openvino sends a word of it to its makers, unless this package cannot be imported.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402


class OpenvinoSession:
    """A Session; threads take turns, since a request of OpenVINO's is one thread's."""

    def __init__(self, model: Path, threads: int) -> None:
        """Load and compile the graph in a file; `threads` 0 takes one a core."""
        properties = {"PERFORMANCE_HINT": "LATENCY"}
        if threads > 0:
            properties["INFERENCE_NUM_THREADS"] = str(threads)
        compiled = openvino.Core().compile_model(str(model), "CPU", properties)
        self._request = compiled.create_infer_request()
        self._turn = threading.Lock()

    def __call__(self, embedded: Hidden, bias: Hidden) -> Hidden:
        """See Session."""
        with self._turn:
            found = self._request.infer({"embedded": embedded, "bias": bias}, share_inputs=True)
            tokens: Hidden = found[0].copy()
        return tokens
