"""OpenAI's completion and chat routes, for clients that know only those."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from fastapi import FastAPI

from havoc.errors import InputError, NeedsClarification
from havoc.serving import chat, sse
from havoc.serving.problems import error_of
from havoc.serving.runs import Run
from havoc.serving.runtime import Piece
from havoc.serving.schemas import OpenAIChat, OpenAICompletion, Usage
from havoc.serving.services import Services
from havoc.srs.state import Request


def add_routes(app: FastAPI, services: Services) -> None:
    """Add /v1/models, /v1/completions and /v1/chat/completions."""

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        """The model that is served."""
        runtime = services.runtime
        model = {"id": runtime.model, "object": "model", "owned_by": "havoc"}
        return {"object": "list", "data": [model] if runtime.model != "none" else []}

    @app.post("/v1/completions")
    async def completions(body: OpenAICompletion) -> Any:
        """Continue a text, as ``/completion``."""
        if not isinstance(body.prompt, str) or not body.prompt:
            raise InputError("prompt: one text is needed")
        runtime = services.runtime
        engine = runtime.need_engine()
        work = chat.continued(
            engine, body.prompt, body.options(), services.text.ticket(), services.metrics, "/v1"
        )
        shape = _Shape("cmpl", "text_completion", runtime.model)
        if body.stream:
            return sse.stream(shape.chunks(work))
        text, last = await chat.collected(work)
        return shape.whole(text, last)

    @app.post("/v1/chat/completions")
    async def chat_completions(body: OpenAIChat) -> Any:
        """Answer with audited numbers; ``"reasoning": false`` lets the model talk."""
        runtime = services.runtime
        if body.reasoning:
            runtime.need_stack()
            work = _audited(services, body)
        else:
            prompt = chat.prompt_of(body.messages)
            engine = runtime.need_engine()
            work = chat.continued(
                engine, prompt, body.options(), services.text.ticket(), services.metrics, "/v1"
            )
        shape = _Shape("chatcmpl", "chat.completion", runtime.model)
        if body.stream:
            return sse.stream(shape.chunks(work))
        text, last = await chat.collected(work)
        return shape.whole(text, last)


def _audited(services: Services, body: OpenAIChat) -> AsyncGenerator[Piece, None]:
    """The audited answer as pieces of text; the ticket is taken now, so that 429 comes at once."""
    runtime, request = services.runtime, Request(chat.question(body.messages))
    work = chat.Work(services.admission.ticket(), Run("openai"), services.metrics)

    async def pieces() -> AsyncGenerator[Piece, None]:
        usage: dict[str, int] = {}
        events = chat.reasoned(runtime, request, work)
        async with contextlib.aclosing(events) as told:
            async for name, data in told:
                if name == "token":
                    yield Piece(data["t"])
                elif name == "error":
                    raise _raised(data)
                elif name == "usage":
                    usage = data
        yield Piece("", "stop", usage["prompt_tokens"], usage["completion_tokens"])

    return pieces()


def _raised(error: dict[str, Any]) -> Exception:
    kinds = {"bad_input": InputError, "needs_clarification": NeedsClarification}
    return kinds.get(error["code"], RuntimeError)(error["message"])


class _Shape:
    """How one response of either route is written."""

    def __init__(self, prefix: str, kind: str, model: str) -> None:
        self.chat = prefix == "chatcmpl"
        self.kind = kind
        self.head = {
            "id": f"{prefix}-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, text: str, last: Piece) -> dict[str, Any]:
        content = (
            {"message": {"role": "assistant", "content": text}} if self.chat else {"text": text}
        )
        choice = {"index": 0, **content, "finish_reason": last.finish_reason or "stop"}
        usage = Usage.of(last.prompt_tokens, last.completion_tokens).model_dump()
        return {**self.head, "object": self.kind, "choices": [choice], "usage": usage}

    def _chunk(self, text: str, finish: str | None) -> str:
        content = {"delta": {"content": text} if text else {}} if self.chat else {"text": text}
        kind = "chat.completion.chunk" if self.chat else self.kind
        choice = {"index": 0, **content, "finish_reason": finish}
        return sse.line({**self.head, "object": kind, "choices": [choice]})

    async def chunks(self, work: AsyncGenerator[Piece, None]) -> AsyncIterator[str]:
        last = Piece("")
        async with contextlib.aclosing(work) as pieces:
            try:
                async for last in pieces:
                    if last.text:
                        yield self._chunk(last.text, None)
                yield self._chunk("", last.finish_reason or "stop")
            except Exception as error:
                yield sse.line({"error": error_of(error)})
        yield sse.DONE
