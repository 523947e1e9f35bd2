"""A loaded sentence-transformers model → what a conversion takes of it, if it is one of BERT's."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from models.backends.conversion import Pooling, UnfitError
from models.backends.graph import Shape, Weights
from models.backends.inputs import TOKENISER, WEIGHTS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_MODULES: Final = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
_POOLINGS: Final[dict[str, Pooling]] = {"mean": "mean", "cls": "cls"}


@dataclass(frozen=True, slots=True)
class Bert:
    """Its weights by their names in transformers, and what else its vectors depend on.

    `positions` [t, d] are added to the words' embeddings; `prefix` goes before each text.
    """

    weights: Weights
    shape: Shape
    positions: npt.NDArray[np.float32]
    prefix: str
    pooling: Pooling


def read_bert(model: "SentenceTransformer", folder: Path) -> Bert:
    """Take a model apart. Raises UnfitError that says what of it is not as a conversion has it."""
    kinds = [type(module).__name__ for module in model]
    if kinds not in _MODULES:
        raise UnfitError(f"it has the modules {', '.join(kinds)}")
    transformer: Any = model[0].auto_model
    pooling: Any = model[1]
    config = transformer.config
    if config.model_type != "bert" or config.hidden_act != "gelu" or config.is_decoder:
        raise UnfitError(f"it is a {config.model_type} with {config.hidden_act}, not a plain BERT")
    if pooling.pooling_mode not in _POOLINGS or not pooling.include_prompt:
        raise UnfitError(f"its vectors are pooled by {pooling.pooling_mode}")
    missing = [name for name in (TOKENISER, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        raise UnfitError(f"its folder has no {missing[0]}")
    weights: Weights = {
        name: tensor.detach().numpy() for name, tensor in transformer.state_dict().items()
    }
    positions = weights["embeddings.position_embeddings.weight"]
    first_type = weights["embeddings.token_type_embeddings.weight"][0]
    return Bert(
        weights=weights,
        shape=Shape(
            hidden=config.hidden_size,
            layers=config.num_hidden_layers,
            heads=config.num_attention_heads,
            epsilon=config.layer_norm_eps,
        ),
        positions=positions + first_type,
        prefix=model.prompts.get(model.default_prompt_name or "") or "",
        pooling=_POOLINGS[pooling.pooling_mode],
    )
