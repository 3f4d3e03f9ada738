"""Log lines: text for a terminal, or one JSON object a line with the request's id."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

from havoc.serving.observe import request_id

# What must never stand in a log, wherever it came from (an exception's text, a header).
_SECRET = re.compile(r"(havoc_[0-9a-f]{8}_)[A-Za-z0-9_-]+|(?i:(bearer\s+))[A-Za-z0-9._~+/=-]{8,}")


def without_secrets(text: str) -> str:
    """The text with the secret part of keys blackened."""
    return _SECRET.sub(lambda m: f"{m[1] or m[2]}***", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, and what was noted."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return without_secrets(json.dumps(line, ensure_ascii=False, default=str))


class TextFormatter(logging.Formatter):
    """A short line; control characters of what was asked are escaped, so that no line is forged."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).isoformat(timespec="seconds", sep=" ")
        said = record.getMessage().encode("unicode_escape").decode()
        text = f"{at} {record.levelname.lower():7} [{request_id.get()}] {said}"
        noted = getattr(record, "request", None)
        if noted:
            text += f" {noted['ms']} ms"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return without_secrets(text)


def configure(kind: str, level: str = "INFO") -> None:
    """Send the server's own log, and uvicorn's, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if kind == "json" else TextFormatter())
    for name in ("havoc", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level if name == "havoc" else "WARNING")
