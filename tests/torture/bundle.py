"""A bundle of a model of a few kilobytes, made without pytest."""

from pathlib import Path

import torch

from models.backends.low_rank import add_low_rank, low_rank_changes, save_low_rank
from models.backends.model_folder import load_model
from models.bundles.bundle import CARD, CONFIDENCE, LOW_RANK, Bundle, write_manifest
from models.encoders.restored_e5 import restore_e5
from models.ranking.confidence import Confidence
from tests.conftest import TinyE5


def make_bundle(place: Path) -> Path:
    """Low-rank weights over a tiny model, and a confidence; both lie below `place`."""
    (place / "tiny.bin").write_bytes(TinyE5().to_bytes())
    base = restore_e5(place / "tiny", place / "tiny.bin")
    folder = place / "bundle"
    folder.mkdir()
    torch.manual_seed(0)
    model = load_model(base)
    for weights in add_low_rank(model, 4):
        torch.nn.init.normal_(weights, std=0.2)
    save_low_rank(low_rank_changes(model), 4, folder / LOW_RANK)
    zeros = dict.fromkeys(("log_size", "fits_bias", "fits_nearest", "fits_log_size"), 0.0)
    Confidence(
        bias=-2.5,
        score=1.0,
        log_share=0.4,
        log_rank=-0.3,
        fits_best=1.0,
        words_weight=0.2,
        encoder="tiny",
        fitted_on="nothing",
        **zeros,
    ).write(folder / CONFIDENCE)
    (folder / CARD).write_text("# tiny\n")
    return write_manifest(
        Bundle(folder=folder, base=str(base), trained_on="words", created="2026-01-01")
    ).folder
