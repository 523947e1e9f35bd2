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
    # In batches, as texts are embedded later, so that padding is put to the test as well.
    starts = range(0, len(PROBES), candidate.batch_size)
    batches = [PROBES[start : start + candidate.batch_size] for start in starts]
    cosines = np.concatenate(
        [
            np.sum(candidate.embed(candidate.prepare(texts)) * original.embed(texts), axis=1)
            for texts in batches
        ]
    )
    return float(np.mean(cosines)), float(np.min(cosines))
