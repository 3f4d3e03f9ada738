"""Request/program pairs as token ids with loss weights: only the program is learnt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from havoc.corpus.tokens import Encoded
from havoc.tokenizer.plans import PlanCodec

PROGRAM_RESERVE = 96  # places kept for the program when a long request is cut


def encode_pairs(
    records: Iterable[Mapping[str, Any]], codec: PlanCodec, seq_len: int
) -> Iterator[Encoded]:
    """Encode each pair; a program longer than its reserve is left out by the packer."""
    for record in records:
        answer = codec.program(record["program"].split())
        prompt = codec.prompt(record["text"], seq_len - max(PROGRAM_RESERVE, len(answer)))
        weights = [0.0] * len(prompt) + [1.0] * len(answer)
        yield Encoded(record["id"], [*prompt, *answer], weights, len(record["text"]))
