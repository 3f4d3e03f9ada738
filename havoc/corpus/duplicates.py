"""Exact and near duplicates, in one pass over a stream of documents."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from havoc.errors import InputError

_WORDS = re.compile(r"\w+")
SEED = 1729


class DuplicateFinder:
    """Remembers what it has been shown and names the first document that a new one repeats.

    Exact: equal but for case and whitespace (``x > 5`` and ``x < 5`` differ). Near: MinHash of
    word 5-grams (rensa), candidates from locality-sensitive hashing, accepted when the estimated
    Jaccard similarity reaches ``threshold``. Deterministic: the permutations are seeded and the
    first document wins.
    """

    def __init__(self, threshold: float = 0.8, shingle: int = 5, permutations: int = 128) -> None:
        try:
            from rensa import RMinHash, RMinHashLSH
        except ModuleNotFoundError:
            raise InputError(
                "finding near duplicates needs rensa; run pip install 'havoc[pipeline]'"
            ) from None

        self.threshold = threshold
        self.shingle = shingle
        self.permutations = permutations
        self._exact: dict[bytes, str] = {}
        self._minhash = RMinHash
        self._index = RMinHashLSH(threshold, permutations, _bands(threshold, permutations))
        self._kept: list[tuple[str, Any]] = []

    def exact(self, id: str, text: str) -> str | None:
        """Return the id of the document that ``text`` equals, else remember it."""
        return self.exact_of(id, exact_key(text))

    def exact_of(self, id: str, key: bytes) -> str | None:
        """As ``exact``, of a text whose ``exact_key`` was made elsewhere."""
        found = self._exact.get(key)
        if found is None:
            self._exact[key] = id
        return found

    def near(self, id: str, text: str) -> tuple[str, float] | None:
        """Return the id and similarity of what ``text`` nearly repeats, else remember it."""
        return self._near(id, self._sketch(text))

    def near_of(self, id: str, sketch: bytes) -> tuple[str, float] | None:
        """As ``near``, of a text whose ``sketch`` was made elsewhere."""
        restored = self._minhash(self.permutations, SEED)
        restored.__setstate__(sketch)
        return self._near(id, restored)

    def sketch(self, text: str) -> bytes:
        """The MinHash signature of ``text``, to be kept in a file."""
        return bytes(self._sketch(text).__reduce__()[2])

    def _sketch(self, text: str) -> Any:
        made = self._minhash(self.permutations, SEED)
        made.update(sorted(self._shingles(text)))
        return made

    def _near(self, id: str, sketch: Any) -> tuple[str, float] | None:
        best: tuple[str, float] | None = None
        for key in sorted(self._index.query(sketch)):
            other, other_sketch = self._kept[key]
            similarity = sketch.jaccard(other_sketch)
            if similarity >= self.threshold and (best is None or similarity > best[1]):
                best = (other, similarity)
        if best is None:
            self._index.insert(len(self._kept), sketch)
            self._kept.append((id, sketch))
        return best

    def _shingles(self, text: str) -> set[str]:
        words = _WORDS.findall(text.lower())
        size = self.shingle
        if len(words) <= size:
            return {" ".join(words)}
        return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def exact_key(text: str) -> bytes:
    """Hash of ``text`` without case and layout; two texts of one key are the same."""
    normal = " ".join(text.lower().split())
    return hashlib.blake2b(normal.encode(), digest_size=12).digest()


def _bands(threshold: float, permutations: int) -> int:
    """Return the number of bands whose S-curve rises somewhat below ``threshold``.

    With b bands of r rows the middle of the curve is near (1/b)^(1/r) (Leskovec, Rajaraman and
    Ullman 2020, section 3.4.2). Erring low costs a few comparisons; erring high would miss
    duplicates.
    """
    divisors = [b for b in range(1, permutations + 1) if permutations % b == 0]
    low_enough = [b for b in divisors if (1 / b) ** (b / permutations) <= threshold - 0.05]
    return low_enough[0] if low_enough else permutations
