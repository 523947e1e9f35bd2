"""A sentence-transformers folder: whether it is whole, what names it, and the model in it."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from data.errors import GatewaysError
from models.checksums import checksum
from models.safe_files import check_safe, modules_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

VECTOR_FILES: Final = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
_PLAIN: Final = frozenset({"Transformer", "Pooling", "Normalize"})
_CONFIGURED: Final = ("Transformer", "Pooling")
_TOKENISERS: Final = ("tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model")
_HEAD: Final = re.compile(r"\s*---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_CHATTY: Final = ("sentence_transformers", "transformers", "huggingface_hub")


def load_model(folder: Path) -> "SentenceTransformer":
    """Load the model in float32, silently, and without asking any network.

    Raises GatewaysError that says what is missing or damaged.
    """
    check_whole(folder)
    with _silence():
        from sentence_transformers import SentenceTransformer

        try:
            safe = {"use_safetensors": True}  # nothing that is pickled, whatever else is there
            return SentenceTransformer(
                str(folder), local_files_only=True, trust_remote_code=False, model_kwargs=safe
            ).float()
        except Exception as error:  # whatever damaged files make the libraries below raise
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise GatewaysError(
                f"{folder}: the model cannot be loaded, its files are damaged or for something "
                f"else: {reason}. Delete the folder, then make, copy or restore it again"
            ) from error


def fingerprint_of(folder: Path, low_rank: Path | None = None) -> str:
    """SHA-256 over weights, tokeniser and configuration with its prefix, as 16 hex digits.

    It depends on the files' names below the folder and on their bytes, so a copy has the same.
    `low_rank` are weights that are merged into the folder's.
    """
    digest = hashlib.sha256(b"unit length")
    for path in sorted(folder.rglob("*")):
        if path.suffix not in VECTOR_FILES or not path.is_file():
            continue
        digest.update(f"\n{path.relative_to(folder).as_posix()} {checksum(path)}".encode())
    if low_rank is not None:
        digest.update(bytes.fromhex(checksum(low_rank)))
    return digest.hexdigest()[:16]


def languages_of(folder: Path) -> frozenset[str]:
    """The ISO 639 codes in the folder's model card (README.md); empty when it has none."""
    try:
        card = (folder / "README.md").read_text(encoding="utf-8-sig")
        head = _HEAD.match(card)
        stated = (yaml.safe_load(head[1]) or {}).get("language") if head else None
    except Exception:  # a card is prose: whatever is wrong with it, the languages are not known
        return frozenset()
    codes = stated if isinstance(stated, list) else [stated]
    # Cards also say «multilingual», which names no language.
    return frozenset(code for code in map(str, codes) if len(code) in (2, 3) and code.isalpha())


def check_whole(folder: Path) -> None:
    """Raise GatewaysError that names what is missing, or what is not safe to load.

    The library would make something up, or run it.
    """
    try:
        paths = _modules(folder)
    except FileNotFoundError:
        raise GatewaysError(
            f"{folder}: not a sentence-transformers model: modules.json is missing"
        ) from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise GatewaysError(f"{folder / 'modules.json'}: cannot be read: {error}") from None
    root = folder / paths.get("Transformer", "")
    wanted = [folder / paths[kind] / "config.json" for kind in _CONFIGURED if kind in paths]
    if "Transformer" in paths and not any((root / name).is_file() for name in _TOKENISERS):
        wanted.append(root / _TOKENISERS[0])
    missing = [str(path) for path in wanted if not path.is_file()]
    if missing:
        raise GatewaysError(
            f"{folder}: not a whole sentence-transformers model; missing: {', '.join(missing)}"
        )
    check_safe(folder)


def dimension_of(folder: Path) -> int | None:
    """Length of a vector, as far as the configuration of a plain model tells; nothing is loaded."""
    try:
        paths = _modules(folder)
        if not paths.keys() <= _PLAIN:
            return None
        if _json(folder / "config_sentence_transformers.json").get("truncate_dim"):
            return None
        stated = _json(folder / paths["Pooling"] / "config.json")
        modes = [name for name, on in stated.items() if name.startswith("pooling_mode_") and on]
        return int(stated["word_embedding_dimension"]) if len(modes) == 1 else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _modules(folder: Path) -> dict[str, str]:
    """Kind of each module → its place in the folder."""
    return {name.rpartition(".")[2]: place for name, place in modules_of(folder)}


def _json(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the libraries' progress bars and reports off the terminal, for as long as this lasts."""
    from transformers.utils.logging import (
        disable_progress_bar,
        enable_progress_bar,
        is_progress_bar_enabled,
    )

    loggers = [logging.getLogger(name) for name in _CHATTY]
    levels = [logger.level for logger in loggers]
    bars = is_progress_bar_enabled()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            enable_progress_bar()  # type: ignore[no-untyped-call]
