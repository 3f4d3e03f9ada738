"""API keys: made, listed, revoked and checked. Only a hash of a key is kept.

A key is ``havoc_<id>_<secret>``: the id finds the row, the secret has 256 bits, so that a plain
SHA-256 of it cannot be searched (a slow hash is for what people choose themselves).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass

from havoc.errors import InputError, nearest
from havoc.serving.state import Database

SCOPES = {
    "ask": "chat, completion and OpenAI's routes; one's own runs",
    "run": "programs and previews of data",
    "read": "operations and passages",
    "metrics": "Prometheus metrics",
    "admin": "reload the model",
}
DEFAULT_SCOPES = ("ask", "run", "read")
DEFAULT_RATE = 120
_KEY = re.compile(r"havoc_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Key:
    """What is known of a key. ``rate``: requests a minute; times in seconds since 1970."""

    id: str
    name: str
    scopes: tuple[str, ...]
    rate: int
    created: float
    expires: float | None = None
    revoked: float | None = None
    used: float | None = None

    @property
    def state(self) -> str:
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= time.time() else "valid"


_FIELDS = "id, name, scopes, rate, created, expires, revoked, used"


class Keys:
    """The keys of a state file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        name: str,
        scopes: tuple[str, ...] = DEFAULT_SCOPES,
        rate: int = DEFAULT_RATE,
        days: float | None = None,
    ) -> tuple[Key, str]:
        """Make a key; the second value is the key itself, which is not kept anywhere.

        Raises
        ------
        InputError
            For an unknown scope, or a name, rate or lifetime that makes no sense.
        """
        if not re.fullmatch(r"[\w .@-]{1,60}", name):
            raise InputError(f"'{name[:60]}' is no name of a key: 1 to 60 letters, digits, . @ - _")
        for scope in scopes:
            if scope not in SCOPES:
                raise InputError(
                    f"there is no scope '{scope}'{nearest(scope, SCOPES)} ({', '.join(SCOPES)})"
                )
        if rate < 1 or (days is not None and days <= 0):
            raise InputError("the rate and the lifetime of a key are above 0")
        now = time.time()
        key = Key(
            secrets.token_hex(4),
            name,
            tuple(dict.fromkeys(scopes)),
            rate,
            now,
            None if days is None else now + 86400 * days,
        )
        secret = secrets.token_urlsafe(32)
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT INTO keys ({_FIELDS}, hash) VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
                (key.id, name, " ".join(key.scopes), rate, now, key.expires, _hash(secret)),
            )
        return key, f"havoc_{key.id}_{secret}"

    def all(self) -> list[Key]:
        """Every key, oldest first."""
        return [
            _key(r) for r in self._database.rows(f"SELECT {_FIELDS} FROM keys ORDER BY created")
        ]

    def any_valid(self) -> bool:
        return any(k.state == "valid" for k in self.all())

    def revoke(self, identity: str) -> Key:
        """Revoke a key by its id or its name; servers refuse it from the next request on.

        Raises
        ------
        InputError
            If there is no such key, or several of that name.
        """
        known = [k for k in self.all() if k.revoked is None]
        found = [k for k in known if identity in (k.id, k.name)]
        if not found:
            names = [k.id for k in known] + [k.name for k in known]
            raise InputError(f"there is no key '{identity[:60]}'{nearest(identity, names)}")
        if len(found) > 1:
            ids = ", ".join(k.id for k in found)
            raise InputError(f"several keys are called '{identity}': name one by its id ({ids})")
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE keys SET revoked = ? WHERE id = ?", (time.time(), found[0].id)
            )
        return found[0]

    def check(self, given: str) -> Key | None:
        """The valid key that a caller holds, or None."""
        match = _KEY.fullmatch(given)
        if match is None:
            return None
        query = f"SELECT {_FIELDS}, hash FROM keys WHERE id = ?"
        found = self._database.rows(query, (match[1],))
        kept = found[0][-1] if found else b"\0" * 32
        # compared even where there is no such id, so that time does not tell ids
        if not hmac.compare_digest(_hash(match[2]), kept) or not found:
            return None
        key = _key(found[0][:-1])
        if key.state != "valid":
            return None
        self._note_use(key)
        return key

    def _note_use(self, key: Key) -> None:
        now = time.time()
        if key.used is not None and now - key.used < 60:
            return
        with self._database.transaction() as connection:
            connection.execute("UPDATE keys SET used = ? WHERE id = ?", (now, key.id))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: tuple) -> Key:
    identity, name, scopes, *rest = row
    return Key(identity, name, tuple(scopes.split()), *rest)
