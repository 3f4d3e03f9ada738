"""The seal of an answer: a digest that shows whether it was changed, and a signature that only a key can make.

An answer's ``provenance.seal`` is the SHA-256 of its canonical JSON: status, text, question, program, results, audit,
citations and provenance, with the digests of the request and of every table that came with it. Times, candidates and
what a transport adds are left out. With a key (HAVOC_SIGNING_KEY_FILE, at least 32 bytes, known to the plant alone)
``provenance.signature`` is its HMAC-SHA256 (RFC 2104): whoever changes the answer and the seal cannot make that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from havoc.errors import InputError

KEY_FILE = "HAVOC_SIGNING_KEY_FILE"
SHORTEST_KEY = 32
SEALED = ("status", "answer", "question", "program", "results", "audit", "citations", "provenance")


def seal(
    document: dict[str, Any], request: str = "", tables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the answer with the digests of what it was made from, its seal and, with a key, its signature.

    Parameters
    ----------
    document
        The object of ``havoc ask --json``.
    request
        What was asked.
    tables
        Attached tables (``havoc.tools.values.Table``) by file name.
    """
    provenance = {
        **document.get("provenance", {}),
        "request": _sha256(request.encode()),
        **{f"input {name}": table_digest(t) for name, t in sorted((tables or {}).items())},
    }
    document = {**document, "provenance": provenance}
    digest = digest_of(document)
    provenance["seal"] = digest
    key = signing_key()
    if key is not None:
        provenance["signature"] = hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()
    return document


def inputs_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The digests of the tables that came with the request, by file name."""
    entries = document.get("provenance", {}).items()
    return {key.removeprefix("input "): str(v) for key, v in entries if key.startswith("input ")}


def digest_of(document: Mapping[str, Any]) -> str:
    """The digest of what is sealed in an answer."""
    content = {key: document[key] for key in SEALED if key in document}
    provenance = dict(content.get("provenance", {}))
    for own in ("seal", "signature"):
        provenance.pop(own, None)
    text = json.dumps(
        {**content, "provenance": provenance},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=str,
    )
    return _sha256(text.encode())


def table_digest(table: Any) -> str:
    """SHA-256 of a table's content: names and cells in order, whatever file format they came in."""
    digest = hashlib.sha256()
    for column in table.columns:
        digest.update(json.dumps(column.name).encode() + b"\0")
        cells = column.texts if hasattr(column, "texts") else column.items
        digest.update(json.dumps(list(cells), ensure_ascii=False).encode() + b"\0")
    return digest.hexdigest()


def unbroken(document: Mapping[str, Any]) -> bool | None:
    """Whether an answer is as it was sealed; None where it has no seal."""
    given = document.get("provenance", {}).get("seal")
    return None if not given else hmac.compare_digest(str(given), digest_of(document))


def signed(document: Mapping[str, Any]) -> bool | None:
    """Whether the signature is that of our key; None where there is no signature or no key to check it with."""
    provenance = document.get("provenance", {})
    key = signing_key()
    if key is None or not provenance.get("signature"):
        return None
    wanted = hmac.new(key, digest_of(document).encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(str(provenance["signature"]), wanted)


def signing_key() -> bytes | None:
    """The key that HAVOC_SIGNING_KEY_FILE names.

    Raises
    ------
    InputError
        If it is named and cannot be read, or is short enough to be guessed.
    """
    name = os.environ.get(KEY_FILE)
    if not name:
        return None
    try:
        key = Path(name).read_bytes().strip()
    except OSError as error:
        raise InputError(f"{KEY_FILE}: '{name}' cannot be read: {error.strerror}") from None
    if len(key) < SHORTEST_KEY:
        raise InputError(
            f"{KEY_FILE}: '{name}' holds {len(key)} bytes, a key needs {SHORTEST_KEY};"
            " make one with: openssl rand -hex 32"
        )
    return key


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
