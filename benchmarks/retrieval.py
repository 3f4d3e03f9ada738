"""How well retrieval finds: by words, by meaning, by both, and beside BM25 of another library.

    python benchmarks/retrieval.py [--known 600] [--meaning] [--vectors FILE] [--json FILE]

Three sets: questions in other words than the handbook's (``retrieval.jsonl``, judged by hand: the articles that
answer each); summaries of documents whose bodies are indexed without them; and the same summaries among the
documents of numpy, scipy and statsmodels alone. Needs ``artifacts/corpus``. BM25 is bm25s on the same passages
(pip install bm25s PyStemmer), meaning is MiniLM (``havoc[embeddings]``); what is not installed is left out.
``--vectors`` keeps the vectors, which take minutes, and a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havoc.config import RagConfig
from havoc.corpus.build import read_corpus
from havoc.rag.embedding import Embedder, make_embedder
from havoc.rag.index import MOST_PER_DOCUMENT, Index, build_index
from havoc.rag.passages import Passage, passages
from havoc.rag.quality import KnownItem, Searcher, known_items, measure

QUESTIONS = Path(__file__).with_name("retrieval.jsonl")
SETS = ("questions", "summaries", "numeric")
NUMERIC = ("numpy", "scipy", "statsmodels")
FIGURES = ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10")
KEEP_EVERY = 256  # texts between two writings of the vectors


class Remembered:
    """An embedder that keeps its vectors in a file, so that indexes which share texts embed each once."""

    def __init__(self, inner: Embedder, path: Path | None) -> None:
        self._inner, self._path = inner, path
        self.name, self.dimension = inner.name, inner.dimension
        self._known: dict[str, NDArray[np.float32]] = {}
        self.embedded = 0
        if path is not None and path.exists():
            with np.load(path) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(t.encode()).hexdigest() for t in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        wanted = sorted(missing, key=lambda k: len(missing[k]))
        for start in range(0, len(wanted), KEEP_EVERY):
            part = wanted[start : start + KEEP_EVERY]
            vectors = self._inner.embed([missing[k] for k in part])
            self._known.update(zip(part, vectors, strict=True))
            self.embedded += len(part)
            if len(part) > 1:  # not for a single query
                self._write()
        return np.stack([self._known[k] for k in keys])

    def _write(self) -> None:
        if self._path is None:
            return
        draft = self._path.with_suffix(".partial.npz")
        np.savez(draft, keys=list(self._known), vectors=np.stack(list(self._known.values())))
        draft.replace(self._path)


@dataclass(frozen=True)
class _Hit:
    passage: Passage


class Bm25:
    """bm25s on the index's own passages, stemmed by Snowball; as in the index two passages a document."""

    def __init__(self, held: Sequence[Passage]) -> None:
        import bm25s
        import Stemmer

        self._held, self._bm25s, self._stem = held, bm25s, Stemmer.Stemmer("english")
        self._retriever = bm25s.BM25()
        self._retriever.index(self._tokens([p.searched for p in held]), show_progress=False)

    def _tokens(self, texts: list[str]) -> Any:
        return self._bm25s.tokenize(texts, stopwords="en", stemmer=self._stem, show_progress=False)

    def search(self, query: str, k: int | None = None) -> list[_Hit]:
        k = k or 10
        most = min(4 * k, len(self._held))
        places, scores = self._retriever.retrieve(
            self._tokens([query]), k=most, show_progress=False
        )
        taken: Counter[str] = Counter()
        found = []
        for place, score in zip(places[0], scores[0], strict=True):
            passage = self._held[int(place)]
            taken[passage.document] += 1
            if score > 0 and taken[passage.document] <= MOST_PER_DOCUMENT:
                found.append(_Hit(passage))
        return found[:k]


def questions() -> list[KnownItem]:
    """The judged questions."""
    records = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [KnownItem(r["query"], frozenset(r["documents"])) for r in records]


def sets_of(corpus: Path, known: int) -> dict[str, tuple[list[KnownItem], list[Any]]]:
    """Name -> what is asked, and the documents it is asked of."""
    items, bodies = known_items(read_corpus(corpus), known)
    numeric = [d for d in bodies if d.source in NUMERIC]
    ids = {d.id for d in numeric}
    return {
        "questions": (questions(), list(read_corpus(corpus))),
        "summaries": (items, bodies),
        "numeric": ([i for i in items if i.documents & ids], numeric),
    }


def systems_of(embedder: Embedder | None, peer: bool) -> dict[str, RagConfig | None]:
    """Name -> how the index is searched; None for the peer."""
    words = RagConfig(embedder="none", coverage_weight=0.0)
    systems: dict[str, RagConfig | None] = {"bm25s": None} if peer else {}
    systems |= {"words": words, "words, second look": words.replace(coverage_weight=0.2)}
    if embedder is not None:
        both = words.replace(embedder="minilm")
        systems["meaning"] = both.replace(lexical_weight=0.0)
        systems["words and meaning"] = both
        systems["words and meaning, alike"] = both.replace(lexical_weight=0.5, vector_weight=0.5)
        systems["words and meaning, second look"] = both.replace(coverage_weight=0.2)
    return systems


def main() -> None:
    """Print a table of recall, reciprocal rank and discounted gain."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("artifacts/corpus"))
    parser.add_argument("--known", type=int, default=600, help="queries made of summaries")
    parser.add_argument("--meaning", action="store_true", help="with vectors (slow to build)")
    parser.add_argument("--vectors", type=Path, help="keeps the vectors (.npz)")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="those to ask")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    embedder: Remembered | None = None
    if options.meaning:
        made = make_embedder("minilm")
        assert made is not None
        embedder = Remembered(made, options.vectors)
    peer = all(importlib.util.find_spec(name) for name in ("bm25s", "Stemmer"))
    systems = systems_of(embedder, peer)
    print(f"{'set':12}{'system':32}" + "".join(f"{name:>11}" for name in FIGURES))
    table = []
    with tempfile.TemporaryDirectory() as folder:
        sets = sets_of(options.corpus, options.known)
        for name in options.sets:
            asked, documents = sets[name]
            place = Path(folder) / name
            base = RagConfig(embedder="none")
            began, embedded = time.perf_counter(), embedder.embedded if embedder else 0
            build_index(place, documents, config=base, embedder=embedder)
            seconds = time.perf_counter() - began
            new = embedder.embedded - embedded if embedder else 0
            print(f"{name}: index built in {seconds:.0f} s, {new} texts embedded", flush=True)
            held = list(
                passages(documents, chunk_chars=base.chunk_chars, chunk_overlap=base.chunk_overlap)
            )
            for system, config in systems.items():
                searcher: Searcher = (
                    Bm25(held)
                    if config is None
                    else Index(
                        place,
                        config=config,
                        embedder=embedder if config.embedder == "minilm" else None,
                    )
                )
                found = measure(searcher, asked)
                figures = "".join(f"{found[key]:>11.3f}" for key in FIGURES)
                print(
                    f"{name:12}{system:32}{figures}   n = {len(asked)}, {len(held)} passages",
                    flush=True,
                )
                table.append({"set": name, "system": system, "passages": len(held), **found})
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
