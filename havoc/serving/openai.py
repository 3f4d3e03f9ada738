"""OpenAI's completion and chat routes, for clients that know only those.

Two models are offered: the product, whose chat answers are audited, and ``<model>:text``, the
language model alone, which has what belongs to sampled text: log-probabilities, several choices, a
JSON schema. ``havoc`` and ``havoc:text`` name whatever version is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request

from havoc.errors import InputError, NeedsClarification, nearest
from havoc.serving import chat, sse
from havoc.serving.leaving import while_here
from havoc.serving.openai_schemas import ChatBody, CompletionBody
from havoc.serving.openai_shape import Choice, Shape
from havoc.serving.problems import NotFound, Unavailable, error_of
from havoc.serving.runs import Run
from havoc.serving.runtime import Piece, Runtime
from havoc.serving.schemas import STREAMS, Message
from havoc.serving.services import Services
from havoc.srs.state import Request as Asked

TEXT = ":text"
ALIAS = "havoc"


class UnknownModel(NotFound):
    """No model of that name is served."""

    code = "model_not_found"


def add_routes(app: FastAPI, services: Services) -> None:
    """Add /v1/models, /v1/completions and /v1/chat/completions."""

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        """The models that are served: the product, and its language model alone."""
        return {"object": "list", "data": [_described(i) for i in _names(services.runtime)]}

    @app.get("/v1/models/{model:path}")
    async def model(model: Annotated[str, Path(max_length=200)]) -> dict[str, Any]:
        """One of them."""
        _chosen(services.runtime, model)
        return _described(model)

    @app.post("/v1/completions", responses=STREAMS)
    async def completions(request: Request, body: CompletionBody) -> Any:
        """Continue one text or several, as ``/completion``; nothing in it is audited."""
        runtime = services.runtime
        _chosen(runtime, body.model)
        prompts, options = body.prompts(), body.options()
        works = [
            _text(services, runtime, prompt, _seeded(options, j), None)
            for prompt in prompts
            for j in range(body.n)
        ]
        shape = Shape(False, runtime.model + TEXT, body.logprobs is not None, body.n)
        before = [
            p if body.echo and isinstance(p, str) else "" for p in prompts for _ in range(body.n)
        ]
        if body.stream:
            return sse.stream(_chunks(shape, works, before, body.usage_in_stream))
        choices = await while_here(request, _collected(works, before))
        return shape.whole(choices)

    @app.post("/v1/chat/completions", responses=STREAMS)
    async def chat_completions(request: Request, body: ChatBody) -> Any:
        """Answer with audited numbers; the model ``havoc:text`` (or ``"reasoning": false``) talks."""
        runtime, messages = services.runtime, body.plain_messages()
        text = _chosen(runtime, body.model) or body.reasoning is False
        if not text:
            return await _audited(request, services, runtime, body, messages)
        options, schema = body.options(), body.schema_wanted()
        prompt = chat.prompt_of(messages)
        works = [
            _text(services, runtime, prompt, _seeded(options, j), schema) for j in range(body.n)
        ]
        shape = Shape(True, runtime.model + TEXT, bool(body.logprobs), body.n)
        before = [""] * body.n
        if body.stream:
            return sse.stream(_chunks(shape, works, before, body.usage_in_stream))
        return shape.whole(await while_here(request, _collected(works, before)))


def _names(runtime: Runtime) -> list[str]:
    return [] if runtime.model == "none" else [runtime.model, runtime.model + TEXT]


def _described(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "havoc"}


def _chosen(runtime: Runtime, name: str) -> bool:
    """Whether the language model alone is asked for.

    Raises
    ------
    UnknownModel
        If the name is none that is served.
    """
    known = [*_names(runtime), ALIAS, ALIAS + TEXT]
    if name and name not in known:
        raise UnknownModel(f"there is no model '{name[:80]}'{nearest(name, known)}")
    return name.endswith(TEXT)


def _seeded(options: Mapping[str, Any], choice: int) -> dict[str, Any]:
    """Each choice draws with a seed of its own."""
    seed = options.get("seed")
    return {**options, "seed": seed + choice} if seed is not None else dict(options)


def _text(
    services: Services,
    runtime: Runtime,
    prompt: str | list[int],
    options: dict[str, Any],
    schema: dict[str, Any] | None,
) -> AsyncGenerator[Piece, None]:
    """A continuation; refused here, at once, where it cannot be."""
    work = runtime.need_engine().stream(prompt, options, schema)
    return chat.pieces_of(work, services.text.ticket(), services.metrics, "/v1")


async def _collected(
    works: Sequence[AsyncGenerator[Piece, None]], before: Sequence[str]
) -> list[Choice]:
    """Every continuation to its end, side by side."""

    async def one(index: int, work: AsyncGenerator[Piece, None]) -> Choice:
        choice = Choice(index, before[index])
        async with contextlib.aclosing(work) as pieces:
            async for piece in pieces:
                choice.take(piece)
        return choice

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(i, w)) for i, w in enumerate(works)]
    return [t.result() for t in tasks]


async def _chunks(
    shape: Shape,
    works: Sequence[AsyncGenerator[Piece, None]],
    before: Sequence[str],
    usage: bool,
) -> AsyncIterator[str]:
    choices = [Choice(i) for i in range(len(works))]
    try:
        for choice, text in zip(choices, before, strict=True):
            if shape.chat:
                yield shape.opening(choice.index)
            if text:
                yield shape.chunk(choice.index, Piece(text), 0)
        async with contextlib.aclosing(_merged(works)) as pieces:
            async for index, piece in pieces:
                choice = choices[index]
                if piece.text or piece.tokens:
                    yield shape.chunk(index, piece, len(before[index]) + choice.told)
                choice.take(piece)
                if piece.finish_reason:
                    yield shape.closing(index, piece.finish_reason)
        if usage:
            yield shape.counted(choices)
    except Exception as error:
        yield sse.line({"error": error_of(error)})
    yield sse.DONE


async def _merged(
    works: Sequence[AsyncGenerator[Piece, None]],
) -> AsyncGenerator[tuple[int, Piece], None]:
    """The pieces of several continuations as they come."""
    if len(works) == 1:
        async with contextlib.aclosing(works[0]) as pieces:
            async for piece in pieces:
                yield 0, piece
        return
    found: asyncio.Queue[tuple[int, Piece] | BaseException | None] = asyncio.Queue()

    async def take(index: int, work: AsyncGenerator[Piece, None]) -> None:
        try:
            async with contextlib.aclosing(work) as pieces:
                async for piece in pieces:
                    found.put_nowait((index, piece))
            found.put_nowait(None)
        except BaseException as error:
            found.put_nowait(error)
            raise

    tasks = [asyncio.create_task(take(i, w)) for i, w in enumerate(works)]
    try:
        left = len(tasks)
        while left:
            item = await found.get()
            if isinstance(item, BaseException):
                raise item
            if item is None:
                left -= 1
            else:
                yield item
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _audited(
    request: Request, services: Services, runtime: Runtime, body: ChatBody, messages: list[Message]
) -> Any:
    """The product's answer; the text is the Markdown, or the whole object where JSON is asked for.

    ``max_tokens`` is kept in whole lines (the object is one): half a number would be another number.
    """
    body.options()  # says what is not served
    kind = body.response_format.type if body.response_format is not None else "text"
    for wanted, name in (
        (body.logprobs, "logprobs"),
        (body.n > 1, "n"),
        (kind == "json_schema", "response_format"),
        (body.stop, "stop"),
    ):
        if wanted:
            raise InputError(
                f"{name}: an audited answer is not sampled; ask the model 'havoc{TEXT}'"
            )
    runtime.need_stack()
    asked = chat.request_of(messages, detail=body.detail)
    work = chat.Work(services.admission.ticket(), Run("openai"), services.metrics)
    told = _within(
        _told(runtime, asked, work, kind == "json_object"), body.longest(), runtime.count
    )
    shape = Shape(True, runtime.model)
    if body.stream:
        return sse.stream(_chunks(shape, [told], [""], body.usage_in_stream))
    (choice,) = await while_here(request, _collected([told], [""]))
    return shape.whole([choice])


async def _told(
    runtime: Runtime, asked: Asked, work: chat.Work, as_json: bool
) -> AsyncGenerator[Piece, None]:
    usage: dict[str, int] = {"prompt_tokens": 0, "completion_tokens": 0}
    try:
        async with contextlib.aclosing(chat.reasoned(runtime, asked, work)) as events:
            async for name, data in events:
                if name == "token" and not as_json:
                    yield Piece(data["t"])
                elif name == "error":
                    raise _raised(data)
                elif name == "usage":
                    usage = data
                elif name == "done" and as_json and "reasoning" in data:
                    yield Piece(json.dumps(data["reasoning"], ensure_ascii=False, allow_nan=False))
    finally:
        work.run.stop.set()  # the client has left, or all is said: no program goes on
    yield Piece("", "stop", usage["prompt_tokens"], usage["completion_tokens"])


async def _within(
    pieces: AsyncGenerator[Piece, None], most: int | None, count: Callable[[str], int]
) -> AsyncGenerator[Piece, None]:
    """The pieces that ``most`` tokens hold, none of them cut; the last says why there are no more."""
    text, full = "", False
    async with contextlib.aclosing(pieces):
        async for piece in pieces:
            full = full or (most is not None and count(text + piece.text) > most)
            if not full:
                text += piece.text
                yield piece
            elif piece.finish_reason:
                yield replace(piece, text="", finish_reason="length", completion_tokens=count(text))


def _raised(error: dict[str, Any]) -> Exception:
    kinds: dict[str, type[Exception]] = {
        "bad_input": InputError,
        "needs_clarification": NeedsClarification,
        "unavailable": Unavailable,
    }
    return kinds.get(error["code"], RuntimeError)(error["message"])
