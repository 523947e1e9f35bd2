"""A BERT's weights → its layers as an ONNX graph, in float32 or with 8-bit products.

The graph begins after the look-up of words and ends before pooling, so that it holds no vocabulary.
It is written node by node: a transformer is a loop, and tracing one takes a hundred times as long.

In 8 bits each token's activations are scaled by their own largest value, and each output's weights
by theirs (Dettmers et al., LLM.int8(), NeurIPS 2022, section 3.1). A text's vector thus does not
depend on what is beside it in a batch, which one scale for the whole batch would bring about.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]

OPSET: Final = 20
IR_VERSION: Final = 10
LEVELS: Final = 127
CENTRE: Final = 128
LAYER: Final = "encoder.layer"


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a BERT its weights do not tell."""

    hidden: int
    layers: int
    heads: int
    epsilon: float


def bert_graph(weights: Weights, shape: Shape, *, integers: bool) -> ModelProto:
    """The layers of a post-norm BERT with exact GELU, with `integers` in 8-bit products.

    `weights` are named as in transformers' BertModel. Inputs and output are those of a Session.
    """
    writer = _Writer(weights, shape, integers)
    tokens = writer.norm("embedded", "embeddings.LayerNorm")
    for layer in range(shape.layers):
        tokens = writer.layer(tokens, f"{LAYER}.{layer}")
    writer.node("Identity", tokens, output="tokens")
    hidden: list[str | int | None] = ["n", "t", shape.hidden]
    graph = helper.make_graph(
        writer.nodes,
        "bert",
        [
            helper.make_tensor_value_info("embedded", TensorProto.FLOAT, hidden),
            helper.make_tensor_value_info("bias", TensorProto.FLOAT, ["n", 1, 1, "t"]),
        ],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, hidden)],
        list(writer.constants.values()),
    )
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)


class _Writer:
    def __init__(self, weights: Weights, shape: Shape, integers: bool) -> None:
        self._weights = weights
        self._shape = shape
        self._integers = integers
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}

    def node(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node with one output, whose name comes back."""
        return self._node(kind, inputs, [output or f"{kind}{len(self.nodes)}"], attributes)[0]

    def layer(self, tokens: str, name: str) -> str:
        """Self-attention and feed-forward, each added to what went in and normalised."""
        attended = self._linear(self._attention(tokens, name), f"{name}.attention.output.dense")
        tokens = self.norm(self.node("Add", attended, tokens), f"{name}.attention.output.LayerNorm")
        wide = self.node("Gelu", self._linear(tokens, f"{name}.intermediate.dense"))
        narrow = self._linear(wide, f"{name}.output.dense")
        return self.norm(self.node("Add", narrow, tokens), f"{name}.output.LayerNorm")

    def norm(self, tokens: str, name: str) -> str:
        """Layer normalisation."""
        scale, shift = (
            self._constant(f"{name}.{part}", self._weights[f"{name}.{part}"])
            for part in ("weight", "bias")
        )
        epsilon = self._shape.epsilon
        return self.node("LayerNormalization", tokens, scale, shift, axis=-1, epsilon=epsilon)

    def _attention(self, tokens: str, name: str) -> str:
        heads, hidden = self._shape.heads, self._shape.hidden
        split = self._numbers(0, 0, heads, hidden // heads)
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = self._product(
            tokens,
            f"{name}.attention.self",
            np.concatenate([self._weights[f"{part}.weight"] for part in parts]),
            np.concatenate([self._weights[f"{part}.bias"] for part in parts]),
        )
        names = [f"{part}.{name}" for part in ("query", "key", "value")]
        self._node("Split", [joined], names, {"axis": -1, "num_outputs": 3})
        query, key, value = (
            self.node("Transpose", self.node("Reshape", part, split), perm=perm)
            for part, perm in zip(names, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
        )
        root = self._constant("root", np.float32(1 / math.sqrt(hidden // heads)))
        scores = self.node("MatMul", self.node("Mul", query, root), key)
        shares = self.node("Softmax", self.node("Add", scores, "bias"), axis=-1)
        found = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.node("Reshape", found, self._numbers(0, 0, hidden))

    def _linear(self, tokens: str, name: str) -> str:
        return self._product(
            tokens, name, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        )

    def _product(
        self, tokens: str, name: str, weight: npt.NDArray[Any], bias: npt.NDArray[Any]
    ) -> str:
        """A linear layer: tokens [n, t, i], weight [o, i] → [n, t, o]."""
        shift = self._constant(f"{name}.bias", bias)
        if not self._integers:
            product = self.node("MatMul", tokens, self._constant(f"{name}.weight", weight.T))
            return self.node("Add", product, shift)
        scales = np.maximum(np.abs(weight).max(axis=1), np.finfo(np.float32).tiny) / LEVELS
        levels = np.round(weight / scales[:, None]).astype(np.int8)
        rows = self.node("Reshape", tokens, self._numbers(-1, weight.shape[1]))
        steps, quantised = self._quantised(rows)
        counts = self.node(
            "MatMulInteger",
            quantised,
            self._constant(f"{name}.levels", levels.T),
            self._constant("centre", np.uint8(CENTRE)),
            self._constant("zero", np.int8(0)),
        )
        column = self.node("Unsqueeze", steps, self._numbers(1))
        product = self.node("Mul", self.node("Cast", counts, to=TensorProto.FLOAT), column)
        scaled = self.node("Mul", product, self._constant(f"{name}.scales", scales))
        return self.node("Reshape", self.node("Add", scaled, shift), self._as_texts(len(weight)))

    def _quantised(self, rows: str) -> tuple[str, str]:
        """Each row's step [m], and the rows [m, i] in such steps around CENTRE, as uint8."""
        largest = self.node("ReduceMax", self.node("Abs", rows), self._numbers(1), keepdims=0)
        above = self.node("Max", largest, self._constant("least", np.float32(1e-9)))
        steps = self.node("Mul", above, self._constant("part", np.float32(1 / LEVELS)))
        centre = self._constant("centre", np.uint8(CENTRE))
        centres = self.node("Expand", centre, self.node("Shape", steps))
        return steps, self.node("QuantizeLinear", rows, steps, centres, axis=0)

    def _as_texts(self, width: int) -> str:
        """The shape [n, t, width], which is written once for each width."""
        name = f"texts.{width}"
        if all(name not in node.output for node in self.nodes):
            leading = self.node("Shape", "embedded", start=0, end=2)
            self.node("Concat", leading, self._numbers(width), axis=0, output=name)
        return name

    def _numbers(self, *numbers: int) -> str:
        return self._constant(f"numbers.{numbers}", np.array(numbers, np.int64))

    def _constant(self, name: str, value: npt.NDArray[Any] | np.generic) -> str:
        if name not in self.constants:
            array = np.ascontiguousarray(value).reshape(np.shape(value))
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def _node(
        self, kind: str, inputs: list[str] | tuple[str, ...], outputs: list[str], given: Any
    ) -> list[str]:
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, **given))
        return outputs
