"""What settings and manifests call the backends; read where nothing is computed."""

from typing import Final, Literal

TORCH: Final = "torch"
ONNX: Final = "onnx"
OPENVINO: Final = "openvino"
AUTO: Final = "auto"
Engine = Literal["onnx", "openvino"]
