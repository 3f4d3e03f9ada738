"""Exact and near duplicates, in one pass over a stream of documents."""

from __future__ import annotations

import hashlib
import re

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
        self._kept: list[tuple[str, object]] = []

    def exact(self, id: str, text: str) -> str | None:
        """Return the id of the document that ``text`` equals, else remember it."""
        normal = " ".join(text.lower().split())
        key = hashlib.blake2b(normal.encode(), digest_size=12).digest()
        found = self._exact.get(key)
        if found is None:
            self._exact[key] = id
        return found

    def near(self, id: str, text: str) -> tuple[str, float] | None:
        """Return the id and similarity of what ``text`` nearly repeats, else remember it."""
        sketch = self._minhash(self.permutations, SEED)
        sketch.update(sorted(self._shingles(text)))
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


def _bands(threshold: float, permutations: int) -> int:
    """Return the number of bands whose S-curve rises somewhat below ``threshold``.

    With b bands of r rows the middle of the curve is near (1/b)^(1/r) (Leskovec, Rajaraman and
    Ullman 2020, section 3.4.2). Erring low costs a few comparisons; erring high would miss
    duplicates.
    """
    divisors = [b for b in range(1, permutations + 1) if permutations % b == 0]
    low_enough = [b for b in divisors if (1 / b) ** (b / permutations) <= threshold - 0.05]
    return low_enough[0] if low_enough else permutations
