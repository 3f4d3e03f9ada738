"""HavocModel: a decoder-only transformer.

RMSNorm before each layer, rotary positions, grouped queries, SwiGLU, no biases: the layout of
Llama.
``forward`` serves training, prefill and decoding: with a cache the tokens continue what it holds.
``segments`` keep documents packed in one row from seeing each other; ``select`` computes the output
layer only where its logits are wanted, which is most of the cost of a small model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from havoc.config import HavocConfig
from havoc.errors import InputError
from havoc.model.attention import additive, by_matrices, product_dtype
from havoc.model.blocks import Block, RMSNorm, Rotary
from havoc.model.cache import KVCache
from havoc.model.loss import linear_cross_entropy


class HavocModel(nn.Module):
    """A language model over token ids. Build with ``from_config``."""

    def __init__(self, config: HavocConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.d_model)
        self.dropout = nn.Dropout(config.dropout)
        self.rotary = Rotary(config)
        self.blocks = nn.ModuleList(Block(config, layer) for layer in range(config.num_layers))
        self.norm = RMSNorm(config.d_model, config.rms_norm_eps)
        self.output = nn.Linear(config.d_model, config.vocab_size, bias=False)
        if config.tie_embeddings:
            self.output.weight = self.embedding.weight
        self.activation_checkpointing = False
        self.predicted: Tensor | None = None  # the pieces the loss chooses among; None: all
        self.place: Tensor
        counted = sum(p.numel() for p in self.parameters())
        assert counted == config.num_parameters, f"{counted} weights, not {config.num_parameters}"

    @classmethod
    def from_config(
        cls, config: HavocConfig, *, seed: int = 0, device: torch.device | str = "cpu"
    ) -> HavocModel:
        """Build a model with random weights; on device "meta" without memory for them.

        Parameters
        ----------
        config
            Shape of the model.
        seed
            Seed of the weights; the same seed gives the same weights whatever ran before.
        device
            Where the weights live. A meta model is brought to life by ``materialize``.
        """
        with torch.device("meta"):
            model = cls(config)
        return model if str(device) == "meta" else model.materialize(device, seed=seed)

    def materialize(self, device: torch.device | str, *, seed: int = 0) -> HavocModel:
        """Allocate the weights on a device and initialise them."""
        self.to_empty(device=device)
        if self.config.tie_embeddings:
            self.output.weight = self.embedding.weight
        self.initialize(seed)
        return self

    @torch.no_grad()
    def initialize(self, seed: int) -> None:
        """Draw the weights: normal, the layers that write to the stream smaller by its depth."""
        generator = torch.Generator(device=self.embedding.weight.device).manual_seed(seed)
        std = self.config.init_std
        depth_std = std / math.sqrt(2 * self.config.num_layers)  # GPT-2, Radford et al. 2019, 2.3
        for name, parameter in self.named_parameters():
            if parameter.dim() == 1:
                parameter.fill_(1.0)
            else:
                writes = name.endswith(("attention.output.weight", "mlp.down.weight"))
                parameter.normal_(0.0, depth_std if writes else std, generator=generator)
        self.rotary.reset()

    def forward(
        self,
        tokens: Tensor,  # (batch, seq)
        *,
        segments: Tensor | None = None,  # (batch, seq)
        select: Tensor | None = None,  # (batch, seq), true where logits are wanted
        cache: KVCache | None = None,
        counts: list[int] | None = None,
    ) -> Tensor:
        """Return logits (batch, seq, vocab), or (selected, vocab) with ``select``.

        Parameters
        ----------
        tokens
            Token ids. With a cache they continue each row.
        segments
            Number of the document each token belongs to; tokens see their own document only.
        select
            Where logits are wanted.
        cache
            Keys and values of earlier tokens; the new ones are added.
        counts
            With a cache: how many tokens of each row are real, the rest being padding.
        """
        hidden = self.hidden(tokens, segments=segments, cache=cache, counts=counts)
        return self.output(hidden if select is None else hidden[select])

    def hidden(
        self,
        tokens: Tensor,
        *,
        segments: Tensor | None = None,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        counts: list[int] | None = None,
        blocks: Sequence[Callable[..., Tensor]] | None = None,
    ) -> Tensor:
        """Return the normalised stream after the last block, (batch, seq, d_model).

        ``mask`` is that of the segments, where the caller has made it already; ``blocks`` are
        compiled stand-ins for the model's own.
        """
        seq_len = tokens.shape[1]
        end = seq_len if cache is None else seq_len + max(cache.lengths)
        if end > self.config.max_seq_len:
            raise InputError(f"{end} tokens exceed max_seq_len {self.config.max_seq_len}")
        if cache is None:
            positions = torch.arange(seq_len, device=tokens.device)[None]
            mask = self.training_mask(tokens, segments) if mask is None else mask
        else:
            positions, mask = cache.positions(seq_len), cache.mask(seq_len)
        angles = self.rotary(positions)
        x = self.dropout(self.embedding(tokens))
        for block in blocks or self.blocks:
            if self.activation_checkpointing and self.training:
                x = checkpoint(block, x, angles, mask, use_reentrant=False)
            else:
                x = block(x, angles, mask, cache)
        if cache is not None:
            cache.advance(seq_len if counts is None else counts)
        return self.norm(x)

    def training_mask(self, tokens: Tensor, segments: Tensor | None) -> Tensor | None:
        """Return what ``attend`` takes where tokens see their own document only."""
        mask = None if segments is None else segment_mask(segments)
        batch, seq_len = tokens.shape
        dtype, device = product_dtype(self.embedding.weight), tokens.device
        if not by_matrices(dtype, device, batch, self.config.num_heads, seq_len):
            return mask
        return additive(mask, seq_len, dtype, device)

    def loss(
        self,
        tokens: Tensor,  # (batch, seq)
        targets: Tensor,  # (batch, seq)
        weights: Tensor,  # (batch, seq), 0 where nothing is learned
        segments: Tensor | None = None,
        blocks: Sequence[Callable[..., Tensor]] | None = None,
    ) -> Tensor:
        """Return the weighted sum of cross-entropies; masked tokens cost no output layer.

        ``blocks`` are compiled stand-ins for the model's: those have fixed shapes, the output
        layer's depend on the data and would be compiled anew again and again. The mask is made
        outside them: compiled, it would be made anew for every head of every layer.
        """
        wanted = weights != 0
        mask = self.training_mask(tokens, segments)
        stream = self.hidden(tokens, mask=mask, blocks=blocks)[wanted]
        table, learnt = self.output.weight, targets[wanted]
        if self.predicted is not None:
            table, learnt = table[self.predicted], self.place[learnt]
        return linear_cross_entropy(stream, table, learnt, weights[wanted])

    def predict_only(self, pieces: Sequence[int]) -> None:
        """Let the loss choose among some pieces only, all that targets will ever be.

        For programs, a fifth of the vocabulary: the output layer costs as much less, and what the others have
        learnt of text is left alone.
        """
        device = self.embedding.weight.device
        self.predicted = torch.tensor(sorted(set(pieces)), device=device)
        self.place = torch.full((self.config.vocab_size,), -1, device=device)
        self.place[self.predicted] = torch.arange(len(self.predicted), device=device)

    def new_cache(self, batch_size: int, capacity: int) -> KVCache:
        """Allocate a cache that suits the weights' type and device."""
        weight = self.norm.weight
        return KVCache(self.config, batch_size, capacity, dtype=weight.dtype, device=weight.device)

    if TYPE_CHECKING:

        def __call__(self, *args: Any, **kwargs: Any) -> Tensor: ...


def segment_mask(segments: Tensor) -> Tensor:
    """Return (batch, 1, seq, seq): true where a token may see another of its own document."""
    seq_len = segments.shape[1]
    causal = torch.ones(seq_len, seq_len, dtype=torch.bool, device=segments.device).tril()
    return ((segments[:, :, None] == segments[:, None, :]) & causal)[:, None]


SigmaModel = HavocModel
