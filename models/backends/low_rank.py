"""Low-rank weights beside an encoder's linear layers: what training adds, and serving merges.

Hu et al., LoRA: Low-Rank Adaptation of Large Language Models (ICLR 2022). A layer's weight W [o, i]
becomes W + scale · B A, with A [r, i] and B [o, r], so that a few megabytes say what was learned.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from data.errors import GatewaysError

SCALE = 2.0
DOWN, UP = "down", "up"


class LowRank(nn.Module):
    """A linear layer that stays as it is, and what is added to it."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        # The sum begins as nothing, since UP is zero; DOWN is as a new linear layer's weight.
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, inputs: Tensor) -> Tensor:
        """The layer's output [..., o] for inputs [..., i]."""
        low = nn.functional.linear(nn.functional.linear(inputs, self.down), self.up)
        added: Tensor = self.base(inputs) + SCALE * low
        return added


def add_low_rank(model: nn.Module, rank: int) -> list[nn.Parameter]:
    """Freeze `model`, wrap the linear layers of its blocks, and return what is to be trained."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    trained: list[nn.Parameter] = []
    for name, layer in list(_linear_layers(model)):
        wrapped = LowRank(layer, rank)
        _put(model, name, wrapped)
        trained += [wrapped.down, wrapped.up]
    return trained


def low_rank_changes(model: nn.Module) -> dict[str, Tensor]:
    """What the low-rank weights of a wrapped model add to each layer's weight [o, i], by layer."""
    with torch.no_grad():
        return {
            name: (SCALE * layer.up @ layer.down).cpu()
            for name, layer in model.named_modules()
            if isinstance(layer, LowRank)
        }


def save_low_rank(changes: Mapping[str, Tensor], rank: int, path: Path) -> None:
    """Write the low-rank weights that come nearest to `changes` [o, i] of layers, by layer.

    They are the largest singular values with their vectors (Eckart & Young, 1936), in half
    precision; changes of that rank or less are kept whole.
    """
    tensors: dict[str, Tensor] = {}
    for name, change in changes.items():
        up, values, down = torch.linalg.svd(change, full_matrices=False)
        # Both parts get the root, so that neither leaves the range of half precision.
        roots = (values[:rank] / SCALE).sqrt()
        tensors[f"{name}.{UP}"] = (up[:, :rank] * roots).half().contiguous()
        tensors[f"{name}.{DOWN}"] = (roots[:, None] * down[:rank]).half().contiguous()
    save_file(tensors, path)


def merge_low_rank(model: nn.Module, path: Path) -> None:
    """Add the low-rank weights in a file to the linear layers of a model that has none.

    Raises GatewaysError when the file is damaged or belongs to another model.
    """
    try:
        with safe_open(path, "pt") as weights:
            names = {key.rpartition(".")[0] for key in weights.keys()}  # noqa: SIM118
            pairs = {
                name: [weights.get_tensor(f"{name}.{part}").float() for part in (UP, DOWN)]
                for name in names
            }
    except (OSError, SafetensorError) as error:
        raise GatewaysError(f"{path}: the low-rank weights cannot be read ({error})") from None
    layers = dict(_linear_layers(model))
    if strange := sorted(names - layers.keys()):
        raise GatewaysError(f"{path}: is for another model, which has a layer {strange[0]}")
    with torch.no_grad():
        for name, (up, down) in pairs.items():
            weight = layers[name].weight
            weight += SCALE * (up @ down).to(weight.device)


def _linear_layers(model: nn.Module) -> Iterator[tuple[str, nn.Linear]]:
    """The linear layers of the transformer's blocks, and not those of a head."""
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear) and ".layer." in name:
            yield name, layer


def _put(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, leaf = name.rpartition(".")
    setattr(model.get_submodule(parent), leaf, layer)
