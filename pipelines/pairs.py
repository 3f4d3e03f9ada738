"""Request/program pairs as token ids with loss weights: only the program is learnt, its values most.

A weight belongs to a place, not to the token that stands there: weighted by token, the model learns to prefer the
heavier of two continuations (named options against the end of a call) beyond their share in the data. Operations and
values weigh 2, after what goes wrong in such tasks (Needle, 2025), names of parameters and ends 1, the request 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from havoc.corpus.tokens import Encoded
from havoc.tokenizer.plans import PlanCodec

# As havoc.dsl.vocabulary writes them (a test holds it); imported, they would make this step depend on every operation.
OPEN, CLOSE, NEXT = "<list>", "</list>", "<;>"
PROGRAM_RESERVE = 96  # places kept for the program when a long request is cut


def weights_of(program: Sequence[str]) -> list[float]:
    """Loss weight of each place of a program, the last being its end: decided by the tokens before it."""
    weights: list[float] = []
    before, depth, opens = NEXT, 0, False
    for token in [*program, ""]:
        value = opens or depth > 0 or before == NEXT
        weights.append(2.0 if value else 1.0)
        depth += (token == OPEN) - (token == CLOSE)
        opens = token.startswith("<p:") and "=" not in token
        before = token
    return weights


def encode_pairs(
    records: Iterable[Mapping[str, Any]], codec: PlanCodec, seq_len: int
) -> Iterator[Encoded]:
    """Encode each pair; a program longer than its reserve is left out by the packer."""
    for record in records:
        program = record["program"].split()
        answer = codec.program(program)
        prompt = codec.prompt(record["text"], seq_len - max(PROGRAM_RESERVE, len(answer)))
        weights = [0.0] * len(prompt) + weights_of(program)
        yield Encoded(record["id"], [*prompt, *answer], weights, len(record["text"]))
