"""Write ``havoc/dsl/methods.txt``: names of methods, with the operations that taught requests mean by them.

    python -m havoc.curriculum.method_names artifacts/curriculum/pairs.jsonl

A name is the name of an operation or one of its declared terms. It is kept where at most four operations account for
97 % of the requests that hold it. Single words are kept only if they name someone, are an abbreviation or are the
whole name of an operation: others ("stability", "custom") are words of any sentence.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from havoc.dsl import methods
from havoc.dsl.grounding.slots import words_of
from havoc.tools.operation import Operation, operations

MEANT = 0.97  # share of the requests that the operations of a name account for
MOST = 4
LEAST = 20  # requests
_GENERIC = frozenset("test chart analysis design plan study interval fit plot".split())
_SMALL = frozenset("a an the of to and or is in for from with by at k p y".split())
# Names that other requests than the taught ones hold in another sense ("the optimal setting", Mr Wilson).
_ORDINARY = frozenset("optimal join expand permutation wilson fir".split())
Pair = tuple[tuple[str, ...], frozenset[str]]  # a request's words, its program's operations


def candidates() -> frozenset[tuple[str, ...]]:
    """The names of all operations and their terms, in words, with and without a generic last one."""
    return frozenset(name for o in operations().values() for name in _names(o))


def _names(operation: Operation) -> Iterator[tuple[str, ...]]:
    own = operation.name.split(".")[1].split("_")
    yield from _as_names(own, single=True)
    for term in operation.terms:
        words = [w for w in words_of(term) if w not in methods.SKIPPED]
        proper = not term.split()[0].islower()
        yield from _as_names(words, single=proper)


def _as_names(words: Sequence[str], *, single: bool) -> Iterator[tuple[str, ...]]:
    shorter = [words[:-1]] if words and words[-1] in _GENERIC else []
    for name in [words, *shorter]:
        alone = len(name) == 1
        if not name or name[0] in _SMALL or name[-1] in _SMALL or (alone and not single):
            continue
        if name[0].isdigit() or (alone and (len(name[0]) < 3 or name[0] in _ORDINARY)):
            continue
        yield tuple(name)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The requests of a file of pairs that have operations."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            meant = frozenset(re.findall(r"<op:([\w.]+)>", record["program"]))
            if meant:
                yield methods.method_words(record["text"]), meant


def counted(pairs: Iterable[Pair]) -> dict[tuple[str, ...], list[str]]:
    """Each name that taught requests use in one sense, with the operations it stands for, the commonest first."""
    names = candidates()
    longest = max(map(len, names))
    used: dict[tuple[str, ...], list[frozenset[str]]] = defaultdict(list)
    for words, meant in pairs:
        spans = {
            words[at : at + n]
            for n in range(1, longest + 1)
            for at in range(len(words) - n + 1)
            if words[at : at + n] in names
        }
        for name in spans:
            used[name].append(meant)
    found = {name: _meant(programs) for name, programs in used.items() if len(programs) >= LEAST}
    return {name: meant for name, meant in sorted(found.items()) if meant}


def _meant(programs: Sequence[frozenset[str]]) -> list[str]:
    """The few operations of which nearly every program has one; empty if there are none."""
    left = list(programs)
    chosen: list[str] = []
    while len(left) > (1 - MEANT) * len(programs):
        if len(chosen) == MOST:
            return []
        ((operation, _),) = Counter(o for p in left for o in p).most_common(1)
        chosen.append(operation)
        left = [p for p in left if operation not in p]
    return chosen


def main(paths: Sequence[str]) -> None:
    """Write the list from files of pairs."""
    found = counted(pair for path in paths for pair in read_pairs(Path(path)))
    lines = [f"{' '.join(name)}: {' '.join(meant)}" for name, meant in found.items()]
    target = Path(methods.__file__).with_name(methods.LIST)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} names written to {target.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
