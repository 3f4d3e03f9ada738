"""From logits to the next token.

The steps and their order are those of transformers' generation: repetition penalty, then (after the
grammar's mask) temperature, top-k, top-p, min-p. One uniform number is drawn a token, by inversion of
the distribution, from the row's own generator: what a request gets does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from havoc.config import InferenceConfig


def penalise_repetition(logits: Tensor, seen: Sequence[int], penalty: float) -> Tensor:
    """Make tokens seen before less likely (Keskar et al. 2019, arXiv 1909.05858, section 4.1)."""
    if penalty == 1.0 or not seen:
        return logits
    ids = torch.tensor(sorted(set(seen)), device=logits.device)
    scores = logits[ids]
    changed = logits.clone()
    changed[ids] = torch.where(scores < 0, scores * penalty, scores / penalty)
    return changed


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Keep the ``k`` largest logits, ties with the last included."""
    if k <= 0 or k >= logits.shape[-1]:
        return logits
    smallest = logits.topk(k).values[-1]
    return logits.masked_fill(logits < smallest, -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Keep the most probable tokens whose probabilities reach ``p`` (Holtzman et al. 2020)."""
    if p >= 1.0:
        return logits
    rising, order = logits.sort()
    dropped = rising.softmax(-1).cumsum(-1) <= 1.0 - p
    dropped[-1] = False
    return logits.masked_fill(torch.zeros_like(dropped).scatter(0, order, dropped), -torch.inf)


def keep_min_p(logits: Tensor, share: float) -> Tensor:
    """Keep tokens at least ``share`` as probable as the most probable one (arXiv 2407.01082)."""
    if share <= 0.0:
        return logits
    probabilities = logits.softmax(-1)
    return logits.masked_fill(probabilities < share * probabilities.max(), -torch.inf)


def filtered(logits: Tensor, params: InferenceConfig) -> Tensor:
    """Return logits after temperature, top-k, top-p and min-p."""
    cooled = logits / params.temperature
    cooled = keep_top_p(keep_top_k(cooled, params.top_k), params.top_p)
    return keep_min_p(cooled, params.min_p)


def draw(logits: Tensor, generator: torch.Generator) -> int:
    """Draw a token from the softmax of logits."""
    cumulative = logits.double().softmax(-1).cumsum(-1)
    u = torch.rand((), generator=generator, dtype=torch.float64).to(logits.device)
    index = int(torch.searchsorted(cumulative, u * cumulative[-1], right=True))
    return min(index, int(torch.nonzero(logits > -torch.inf)[-1]))


def choose(logits: Tensor, params: InferenceConfig, generator: torch.Generator) -> int:
    """Return the next token; the most probable one at temperature 0."""
    if not params.do_sample or params.temperature == 0.0:
        return int(logits.argmax())
    return draw(filtered(logits, params), generator)
