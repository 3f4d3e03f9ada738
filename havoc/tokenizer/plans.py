"""Token ids of delexicalised requests and planned programs.

Both are sequences of items between blanks: a reserved piece (slot, hint, program token) is one id, a word is encoded
with the blank before it, a digit or sign without. Ids of words are remembered: the vocabulary of requests is small.
"""

from __future__ import annotations

from collections.abc import Sequence

from havoc.tokenizer.tokenizer import Tokenizer

USER, PLAN, END = "<|user|>", "<|plan|>", "<|end|>"


class PlanCodec:
    """Encodes requests and programs for one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._reserved = {
            p: i for i, p in enumerate(tokenizer.pieces) if p.startswith("<") and p.endswith(">")
        }
        self._words: dict[str, list[int]] = {}
        self.end_id = tokenizer.id_of(END)

    def knows(self, token: str) -> bool:
        """Whether a program token was in the registry this tokenizer was trained with."""
        return token in self._reserved

    def id_of(self, token: str) -> int:
        return self._reserved[token]

    def item(self, item: str) -> list[int]:
        """Ids of one item of a request."""
        found = self._words.get(item)
        if found is None:
            if item in self._reserved and not item.startswith("<0x"):
                found = [self._reserved[item]]
            else:
                found = self.tokenizer.encode(" " + item if item.isalpha() else item)
            self._words[item] = found
        return found

    def prompt(self, text: str, limit: int | None = None) -> list[int]:
        """``<|user|> request <|plan|>``; with ``limit``, the middle of a longer request is left out."""
        body = [i for item in text.split() for i in self.item(item)]
        if limit is not None and len(body) > limit - 2:
            keep = limit - 2
            body = body[: keep // 2] + body[len(body) - (keep - keep // 2) :]
        return [self._reserved[USER], *body, self._reserved[PLAN]]

    def program(self, tokens: Sequence[str]) -> list[int]:
        """Ids of a program, with the end token."""
        return [*(self._reserved[t] for t in tokens), self.end_id]
