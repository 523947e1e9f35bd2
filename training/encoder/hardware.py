"""Where weights are trained: on an accelerator where the machine has one."""

from contextlib import suppress

import torch


def training_device() -> torch.device:
    """The first CUDA device that is visible (`CUDA_VISIBLE_DEVICES`), else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_half_precision(device: torch.device) -> bool:
    """Whether the device multiplies in bfloat16 faster than in single precision."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    with suppress(AttributeError):  # torch has no public way to ask
        return bool(torch.cpu._is_avx512_bf16_supported())
    return False
