"""Whether a converted model gives the vectors that torch gives."""

from pathlib import Path

import numpy as np

from models.backends.conversion import Conversion
from models.backends.converted import ConvertedBackend
from models.backends.probes import PROBES
from models.backends.torch import TorchBackend


def agreement(conversion: Conversion, folder: Path, original: TorchBackend) -> tuple[float, float]:
    """The mean and the least cosine between the vectors that both make of the probes."""
    candidate = ConvertedBackend(conversion, folder, threads=1)
    cosines = [float(np.sum(candidate.embed([text]) * original.embed([text]))) for text in PROBES]
    return float(np.mean(cosines)), min(cosines)
