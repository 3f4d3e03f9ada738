"""Request/program pairs as token ids with loss weights: only the program is learnt, its values most.

Weights after what goes wrong in such tasks (Needle, 2025: values before names before structure): slots and digits 2,
operations 2, parameter names 1, the rest 0.5; the request 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from havoc.corpus.tokens import Encoded
from havoc.tokenizer.plans import PlanCodec

PROGRAM_RESERVE = 96  # places kept for the program when a long request is cut


def weight_of(token: str) -> float:
    """Loss weight of one program token."""
    if token.startswith("<op:") or token in ("<explain>", "<refuse>", "<ask>"):
        return 2.0
    if token.startswith("<p:"):
        return 1.0
    if token[1:2] in "nrftcgevsd" and token[2:3].isdigit():
        return 2.0
    return 0.5


def encode_pairs(
    records: Iterable[Mapping[str, Any]], codec: PlanCodec, seq_len: int
) -> Iterator[Encoded]:
    """Encode each pair; a program longer than its reserve is left out by the packer."""
    for record in records:
        program = record["program"].split()
        answer = codec.program(program)
        prompt = codec.prompt(record["text"], seq_len - max(PROGRAM_RESERVE, len(answer)))
        weights = [0.0] * len(prompt) + [weight_of(t) for t in program] + [1.0]
        yield Encoded(record["id"], [*prompt, *answer], weights, len(record["text"]))
