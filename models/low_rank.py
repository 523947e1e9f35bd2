"""Low-rank weights beside an encoder's linear layers: what training adds, and serving merges.

Hu et al., LoRA: Low-Rank Adaptation of Large Language Models (ICLR 2022). A layer's weight W [o, i]
becomes W + scale · B A, with A [r, i] and B [o, r], so that a few megabytes say what was learned.
"""

import math
from collections.abc import Iterator
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


def weaken(model: nn.Module, share: float) -> None:
    """Keep a `share` of what low-rank weights add to the layers of a wrapped model."""
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, LowRank):
                layer.up.mul_(share)


def save_low_rank(model: nn.Module, path: Path) -> None:
    """Write the low-rank weights of a wrapped model in half precision, named by their layers."""
    tensors = {
        f"{name}.{part}": getattr(layer, part).detach().half().contiguous()
        for name, layer in model.named_modules()
        if isinstance(layer, LowRank)
        for part in (DOWN, UP)
    }
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
            layers[name].weight += SCALE * (up @ down)


def _linear_layers(model: nn.Module) -> Iterator[tuple[str, nn.Linear]]:
    """The linear layers of the transformer's blocks, and not those of a head."""
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear) and ".layer." in name:
            yield name, layer


def _put(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, leaf = name.rpartition(".")
    setattr(model.get_submodule(parent), leaf, layer)
