"""OpenAI's requests as far as they are served. What would change an answer and is not served is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from havoc.errors import InputError
from havoc.serving.schemas import Message, Stop, Text

MOST_CHOICES = 8
Ids = Annotated[
    list[Annotated[int, Field(ge=0, le=2**31)]], Field(min_length=1, max_length=100_000)
]
Prompts = Annotated[list[Text] | list[Ids], Field(min_length=1, max_length=16)]


class StreamOptions(BaseModel):
    include_usage: bool = False


class Sampled(BaseModel):
    """The fields that both routes share."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    model: str = Field("", max_length=200)
    max_tokens: int | None = Field(None, ge=1, le=4096)
    temperature: float | None = Field(None, ge=0, le=10)
    top_p: float | None = Field(None, gt=0, le=1)
    top_k: int | None = Field(None, ge=0, le=100_000)
    min_p: float | None = Field(None, ge=0, le=1)
    repetition_penalty: float | None = Field(None, gt=0, le=10)
    seed: int | None = Field(None, ge=0, le=2**63 - MOST_CHOICES)
    stop: Stop | Annotated[list[Stop], Field(max_length=8)] | None = None
    n: int = Field(1, ge=1, le=MOST_CHOICES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    logit_bias: dict[str, float] | None = None

    def options(self) -> dict[str, Any]:
        """The same as our own sampling fields.

        Raises
        ------
        InputError
            For a field that is not served and would change the text.
        """
        for name in ("presence_penalty", "frequency_penalty", "logit_bias"):
            if getattr(self, name):
                raise InputError(f"{name}: not served; repetition_penalty is")
        stops = [self.stop] if isinstance(self.stop, str) else self.stop
        given = {
            "max_new_tokens": self.longest(),
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "min_p": self.min_p,
            "repetition_penalty": self.repetition_penalty,
            "seed": self.seed,
            "stop_sequences": stops,
            "top_logprobs": self.alternatives() or None,
        }
        return {k: v for k, v in given.items() if v is not None}

    def longest(self) -> int | None:
        return self.max_tokens

    def alternatives(self) -> int:
        """How many tokens beside the chosen one are to be told."""
        return 0

    @property
    def usage_in_stream(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage


class CompletionBody(Sampled):
    prompt: Text | Ids | Prompts
    logprobs: int | None = Field(None, ge=0, le=20)
    echo: bool = False
    suffix: str | None = None
    best_of: int | None = None

    def prompts(self) -> list[str | list[int]]:
        """The prompts, one or several, as text or as token ids.

        Raises
        ------
        InputError
            If one is empty, or a field is not served.
        """
        if self.suffix:
            raise InputError("suffix: not served")
        if self.best_of is not None and self.best_of != self.n:
            raise InputError("best_of: not served; n is")
        if self.echo and self.logprobs is not None:
            raise InputError("echo: not together with logprobs")
        given = self.prompt
        whole = isinstance(given, str) or isinstance(given[0], int)
        prompts: list[Any] = [given] if whole else list(given)
        if self.echo and not all(isinstance(p, str) for p in prompts):
            raise InputError("echo: only of prompts that are text")
        if not all(prompts):
            raise InputError("prompt: at least one character is needed")
        return prompts

    def alternatives(self) -> int:
        return self.logprobs or 0


class TextPart(BaseModel):
    type: Literal["text"]
    text: Text


class ChatMessage(BaseModel):
    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: Text | Annotated[list[TextPart], Field(max_length=100)]

    def plain(self) -> Message:
        content = self.content
        text = content if isinstance(content, str) else "".join(p.text for p in content)
        return Message(role="system" if self.role == "developer" else self.role, content=text)


class JsonSchema(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    name: str = Field("answer", max_length=64)
    content: dict[str, Any] = Field(default_factory=dict, alias="schema")
    strict: bool | None = None


class ResponseFormat(BaseModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class ChatBody(Sampled):
    messages: list[ChatMessage] = Field(min_length=1, max_length=100)
    reasoning: bool | None = None
    detail: Literal["brief", "normal", "full"] | None = None
    max_completion_tokens: int | None = Field(None, ge=1, le=4096)
    logprobs: bool | None = None
    top_logprobs: int | None = Field(None, ge=0, le=20)
    response_format: ResponseFormat | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None

    def plain_messages(self) -> list[Message]:
        if self.tools or self.functions:
            raise InputError("tools: not served; the operations run by themselves")
        return [m.plain() for m in self.messages]

    def longest(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    def alternatives(self) -> int:
        return (self.top_logprobs or 0) if self.logprobs else 0

    def schema_wanted(self) -> dict[str, Any] | None:
        """The JSON schema that the text must follow.

        Raises
        ------
        InputError
            If the format names a schema and gives none.
        """
        wanted = self.response_format
        if wanted is None or wanted.type == "text":
            return None
        if wanted.type == "json_object":
            return {"type": "object"}
        if wanted.json_schema is None or not wanted.json_schema.content:
            raise InputError("response_format: json_schema needs a schema")
        return wanted.json_schema.content
