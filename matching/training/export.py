"""Writes the model folder that model2vec and sentence-transformers both read."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matching.training.composition import Floats
from matching.training.recipe import Recipe

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.sentence_transformer.modules.StaticEmbedding"},
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.sentence_transformer.modules.Normalize",
    },
]


def calm_numbers(vectors: Floats, tokens: list[str], most: float) -> Floats:
    """Shorten the rows of numbers to at most `most` median lengths, so that figures do not drown words."""
    lengths = np.linalg.norm(vectors, axis=1)
    limit = most * float(np.median(lengths[lengths > 0]))
    number = np.array([token.isascii() and token.isdigit() for token in tokens])
    scale = np.where(number & (lengths > limit), limit / np.maximum(lengths, 1e-12), 1.0)
    return (vectors * scale[:, None]).astype(np.float32)


def write(folder: Path, vectors: Floats, tokenizer: "Tokenizer", recipe: Recipe) -> None:
    """Write weights as one signed byte a number with one scale a row, the tokenizer, and the two loaders' settings.

    The keys `embeddings` and `weights` are model2vec's; sentence-transformers multiplies them back into float32 rows.
    """
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    rows = vectors.copy()
    rows[0] = 0.0
    scale = np.abs(rows).max(axis=1) / 127
    whole = np.rint(rows / np.maximum(scale, 1e-12)[:, None]).astype(np.int8)
    weights = save({"embeddings": whole, "weights": scale.astype(np.float32)})
    (folder / "model.safetensors").write_bytes(weights)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(
        folder / "config.json",
        {
            "model_type": "model2vec",
            "normalize": True,
            "max_length": None,
            "hidden_dim": recipe.dimension,
            "embedding_dtype": "int8",
        },
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"},
    )
    _write_json(folder / "1_Normalize/config.json", {})


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
