"""Converted layers on ONNX Runtime."""

import os
from pathlib import Path

from models.backends.protocol import Hidden

# Else it keeps a diary of what it loads and runs in the user's home, and sends that to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


class OnnxSession:
    """A Session; ONNX Runtime lets threads share one."""

    def __init__(self, model: Path, threads: int) -> None:
        """Load the graph in a file; `threads` 0 takes one a core."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that wait for work by turning take the core from whoever else has some.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, embedded: Hidden, bias: Hidden) -> Hidden:
        """See Session."""
        tokens: Hidden = self._session.run(None, {"embedded": embedded, "bias": bias})[0]
        return tokens
