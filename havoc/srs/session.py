"""A conversation kept in a file by ``havoc ask --session FILE``: a JSON list of requests and their programs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from havoc.errors import InputError
from havoc.srs.conversation import MAX_TURNS, Turn, turns_from_json


def read(path: Path) -> tuple[Turn, ...]:
    """The turns in a session file; none where it does not exist yet."""
    if not path.exists():
        return ()
    try:
        return turns_from_json(json.loads(path.read_text(encoding="utf-8")))
    except InputError as error:
        raise InputError(f"'{path}': {error}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"'{path}' is no session file") from error


def write(path: Path, turns: tuple[Turn, ...], text: str, document: Mapping[str, Any]) -> None:
    """Add a turn to the file, which is replaced at once; a request that was not answered leaves no program."""
    program = document["program"] if document["status"] == "answered" else ""
    kept = [*turns, Turn(text, program)][-MAX_TURNS:]
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        lines = json.dumps([t.to_json() for t in kept], indent=1) + "\n"
        temporary.write_text(lines, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"'{path}' cannot be written: {error.strerror}") from None
