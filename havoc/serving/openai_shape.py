"""How OpenAI's responses are written, whole and in chunks."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from havoc.serving import sse
from havoc.serving.runtime import Piece, Token
from havoc.serving.schemas import Usage


@dataclass
class Choice:
    """One continuation so far."""

    index: int
    text: str = ""
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    tokens: list[Token] = field(default_factory=list)

    @property
    def told(self) -> int:
        """Characters of the tokens so far; some of the text may still wait for the rest of its token."""
        return sum(len(t.text) for t in self.tokens)

    def take(self, piece: Piece) -> None:
        self.text += piece.text
        self.finish_reason = piece.finish_reason or self.finish_reason
        self.prompt_tokens = piece.prompt_tokens or self.prompt_tokens
        self.completion_tokens = piece.completion_tokens or self.completion_tokens
        self.tokens += piece.tokens


class Shape:
    """One response of either route; ``n`` choices in a row continue the same prompt."""

    def __init__(self, chat: bool, model: str, logprobs: bool = False, n: int = 1) -> None:
        self.chat, self.logprobs, self.n = chat, logprobs, n
        self.kind = "chat.completion" if chat else "text_completion"
        self.head = {
            "id": f"{'chatcmpl' if chat else 'cmpl'}-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, choices: Sequence[Choice], **more: Any) -> dict[str, Any]:
        """The response of a request that was not streamed."""
        return {
            **self.head,
            "object": self.kind,
            "choices": [self._choice(c) for c in choices],
            "usage": self._usage(choices),
            **more,
        }

    def _choice(self, choice: Choice) -> dict[str, Any]:
        if self.chat:
            message = {"role": "assistant", "content": choice.text, "refusal": None}
            content: dict[str, Any] = {"message": message}
        else:
            content = {"text": choice.text}
        return {
            "index": choice.index,
            **content,
            "logprobs": self._logprobs(choice.tokens, 0),
            "finish_reason": choice.finish_reason or "stop",
        }

    def opening(self, index: int) -> str:
        """The first chunk of a chat's choice: who speaks."""
        return self._chunk(index, {"delta": {"role": "assistant", "content": ""}}, None, None)

    def chunk(self, index: int, piece: Piece, offset: int) -> str:
        """A chunk with a piece of text that begins at ``offset``."""
        content = {"delta": {"content": piece.text}} if self.chat else {"text": piece.text}
        return self._chunk(index, content, self._logprobs(piece.tokens, offset), None)

    def closing(self, index: int, reason: str, **more: Any) -> str:
        content: dict[str, Any] = {"delta": {}} if self.chat else {"text": ""}
        return self._chunk(index, content, None, reason, **more)

    def counted(self, choices: Sequence[Choice]) -> str:
        """The chunk with the usage, which has no choice."""
        told = {"object": self._chunk_kind, "choices": [], "usage": self._usage(choices)}
        return sse.line({**self.head, **told})

    def _usage(self, choices: Sequence[Choice]) -> dict[str, int]:
        """Each prompt once, however many choices continue it; every continuation."""
        prompt = sum(c.prompt_tokens for c in choices[:: self.n])
        return Usage.of(prompt, sum(c.completion_tokens for c in choices)).model_dump()

    @property
    def _chunk_kind(self) -> str:
        return "chat.completion.chunk" if self.chat else self.kind

    def _chunk(
        self, index: int, content: dict[str, Any], logprobs: Any, reason: str | None, **more: Any
    ) -> str:
        choice = {"index": index, **content, "logprobs": logprobs, "finish_reason": reason}
        return sse.line({**self.head, "object": self._chunk_kind, "choices": [choice], **more})

    def _logprobs(self, tokens: Sequence[Token], offset: int) -> dict[str, Any] | None:
        if not self.logprobs:
            return None
        return _chat_logprobs(tokens) if self.chat else _text_logprobs(tokens, offset)


def _chat_logprobs(tokens: Sequence[Token]) -> dict[str, Any]:
    def told(text: str, raw: bytes, logprob: float) -> dict[str, Any]:
        return {"token": text, "logprob": logprob, "bytes": list(raw)}

    content = [
        {**told(t.text, t.raw, t.logprob), "top_logprobs": [told(*other) for other in t.top]}
        for t in tokens
    ]
    return {"content": content, "refusal": None}


def _text_logprobs(tokens: Sequence[Token], offset: int) -> dict[str, Any]:
    offsets = []
    for token in tokens:
        offsets.append(offset)
        offset += len(token.text)
    return {
        "tokens": [t.text for t in tokens],
        "token_logprobs": [t.logprob for t in tokens],
        "top_logprobs": [
            {_by_text(text, raw): logprob for text, raw, logprob in t.top} for t in tokens
        ],
        "text_offset": offsets,
    }


def _by_text(text: str, raw: bytes) -> str:
    r"""A token as a key: its text, or ``bytes:\xc3`` for a part of a character, as OpenAI's own server writes it."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "bytes:" + "".join(f"\\x{byte:02x}" for byte in raw)
    return text
