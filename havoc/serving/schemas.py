"""What the server takes and gives. Limits stand here, so that the OpenAPI page shows them."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from havoc.errors import InputError
from havoc.tools.result import ResultTable

MAX_TEXT = 200_000
MAX_PROGRAM = 2_000_000
MAX_FILES = 16
MAX_FILE_BYTES = 16_000_000
MAX_TABLE_ROWS = 100_000
MAX_EXCLUDED = 100_000

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
Name = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]{1,200}$")]
Cell = Annotated[str, StringConstraints(max_length=10_000)] | int | float | None
Stop = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Body(BaseModel):
    """A request body: unknown fields and non-finite numbers are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Sampling(Body):
    """How text is generated; what is left out takes the server's configuration."""

    max_new_tokens: int | None = Field(None, ge=1, le=4096)
    temperature: float | None = Field(None, ge=0, le=10)
    top_p: float | None = Field(None, gt=0, le=1)
    top_k: int | None = Field(None, ge=0, le=100_000)
    repetition_penalty: float | None = Field(None, gt=0, le=10)
    do_sample: bool | None = None
    stop_sequences: list[Stop] | None = Field(None, max_length=8)
    seed: int | None = Field(None, ge=0, le=2**63 - 1)

    def options(self) -> dict[str, Any]:
        """The sampling fields that were given."""
        names = Sampling.model_fields
        return {k: v for k in names if (v := getattr(self, k)) is not None}


class CompletionRequest(Sampling):
    prompt: Text = Field(min_length=1)
    stream: bool = False


class Message(Body):
    role: Literal["system", "user", "assistant"]
    content: Text


class Attachment(Body):
    """A file: CSV, TSV or JSON text in ``content``, or any of these, XLSX or Parquet in
    ``content_base64``."""

    name: Name
    content: str | None = None
    content_base64: str | None = None

    def data(self) -> bytes:
        """The file's bytes."""
        if (self.content is None) == (self.content_base64 is None):
            raise InputError(f"'{self.name}': give either content or content_base64")
        try:
            data = (
                self.content.encode()
                if self.content is not None
                else base64.b64decode(self.content_base64 or "", validate=True)
            )
        except (binascii.Error, ValueError):
            raise InputError(f"'{self.name}': content_base64 is not base64") from None
        if len(data) > MAX_FILE_BYTES:
            raise InputError(
                f"'{self.name}' has {len(data):,} bytes; at most {MAX_FILE_BYTES:,} are taken"
            )
        return data


class InlineTable(Body):
    """A table typed in: rows of numbers, words and empty cells (null)."""

    name: Name
    columns: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] = Field(
        min_length=1, max_length=1000
    )
    rows: list[list[Cell]] = Field(max_length=MAX_TABLE_ROWS)
    units: dict[str, Annotated[str, StringConstraints(max_length=40)]] = Field(
        default_factory=dict, max_length=1000
    )

    def given(self) -> ResultTable:
        """The table as it was given.

        Raises
        ------
        InputError
            A row has another number of cells than there are columns.
        """
        for i, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise InputError(
                    f"'{self.name}': row {i} has {len(row)} cells, there are {len(self.columns)} columns"
                )
        return ResultTable(self.name, tuple(self.columns), tuple(map(tuple, self.rows)))


class WorkbookRequest(Body):
    """Tables to be written as a workbook."""

    tables: list[InlineTable] = Field(min_length=1, max_length=100)


class ChatRequest(Sampling):
    messages: list[Message] = Field(min_length=1, max_length=100)
    attachments: list[Attachment] = Field(default_factory=list, max_length=MAX_FILES)
    tables: list[InlineTable] = Field(default_factory=list, max_length=MAX_FILES)
    reasoning: bool = True
    detail: Literal["brief", "normal", "full"] | None = None
    stream: bool = False


class RunRequest(Body):
    """A program and its data: files, typed-in tables, and rows to leave out (from 1) of a file, of
    an inline table (its variable) or of a list in a statement (``result.parameter``)."""

    program: Annotated[str, StringConstraints(max_length=MAX_PROGRAM)]
    attachments: list[Attachment] = Field(default_factory=list, max_length=MAX_FILES)
    tables: list[InlineTable] = Field(default_factory=list, max_length=MAX_FILES)
    exclude: dict[str, list[Annotated[int, Field(ge=1)]]] = Field(
        default_factory=dict, max_length=100
    )


class Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0

    @staticmethod
    def of(prompt: int, completion: int) -> Usage:
        return Usage(
            prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion
        )


class CompletionResponse(BaseModel):
    text: str
    model: str
    usage: Usage
    finish_reason: str


class ChatResponse(BaseModel):
    message: Message
    model: str
    usage: Usage
    finish_reason: str
    reasoning: dict[str, Any] | None = None


class RunResponse(BaseModel):
    program: str
    results: list[dict[str, Any]]
    audit: dict[str, Any]
    excluded: dict[str, list[int]]


class ErrorDetail(BaseModel):
    code: str
    message: str
    retryable: bool


class ErrorBody(BaseModel):
    """What every failure looks like."""

    error: ErrorDetail


_REASONS = {
    400: "It cannot be done as asked.",
    401: "An API key is needed.",
    403: "The key lacks the scope, or the host is another's.",
    404: "There is nothing of that name.",
    408: "The body came too slowly.",
    409: "The run goes on, or was cancelled.",
    413: "The body is too large.",
    422: "A field is wrong, or an input is missing.",
    429: "Come back after Retry-After seconds.",
    500: "An internal failure; it is logged.",
    503: "A part (model, index) is missing.",
    504: "The answer took too long.",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": reason} for status, reason in _REASONS.items()
}

STREAMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "description": "One event; data holds one JSON object, or [DONE].",
                    "properties": {n: {"type": "string"} for n in ("id", "event", "data")},
                }
            }
        }
    }
}
