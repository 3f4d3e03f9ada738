"""The ``rag_index`` step and its search: LanceDB, by words (BM25), by vectors, or both fused.

Fusion is a convex combination of scores (Bruch, Gai and Ingber 2023, ACM TOIS 42:1): in each search a passage has the
share of the best score there, and what one search did not find counts just below the last that it did. Added to it is
the share of the query that the passage speaks of (``rerank``). Equal scores are ordered by id, so that the same index
gives the same list.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
from lancedb.index import FTS
from lancedb.query import MatchQuery

from havoc.config import RagConfig
from havoc.errors import InputError
from havoc.rag.embedding import Embedder, make_embedder
from havoc.rag.location import Bucket, Folder, Location, locate, overtaken
from havoc.rag.passages import Passage, Text, passages
from havoc.rag.rerank import coverages

TABLE = "passages"
MANIFEST = "manifest.json"
FORMAT = 2
ROWS_AT_ONCE = 2048
# Neighbouring passages of one page say much the same: leave room for other pages.
MOST_PER_DOCUMENT = 2
# What a search with more to give did not return is below its last: by how much, as a share of that.
_BELOW_WORDS, _BELOW_MEANING = 0.9, 0.95
_FIELDS = tuple(Passage.__dataclass_fields__)
Row = tuple[Passage, str]
Scored = list[tuple[Passage, float]]  # best first


@dataclass(frozen=True)
class Found:
    """A passage with its score and its rank in each search that found it."""

    passage: Passage
    score: float
    lexical_rank: int | None
    vector_rank: int | None

    def citation(self) -> dict[str, Any]:
        return {**self.passage.citation(), "score": round(self.score, 6)}


def build_index(
    output: Path | str,
    documents: Iterable[Text],
    *,
    config: RagConfig | None = None,
    embedder: Embedder | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Write the index of ``documents`` to ``output``, whole or not at all; return its manifest.

    A folder is built in a sibling and moved into place. In a bucket (``s3://BUCKET/PREFIX``) the table
    is overwritten, which is a new version of it, and the manifest is replaced last: readers keep the
    version that their manifest names, and it stays in the history. The manifest's ``content`` is a
    hash of every passage and of how it was made, whatever the order: equal hashes, equal results.
    ``havoc.rag.update`` changes an index in place.
    """
    config = config or RagConfig()
    embedder = embedder or make_embedder(config.embedder)
    place = locate(output)
    if isinstance(place, Bucket):
        before = read_manifest(place) if place.read(MANIFEST) is not None else {}
        manifest = _fill(place, documents, config, embedder, progress)
        manifest["history"] = [*before.get("history", ()), *manifest["history"]]
        write_manifest(place, manifest)
        return manifest
    output = Path(output)
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        manifest = _fill(Folder(partial), documents, config, embedder, progress)
    except InputError:
        shutil.rmtree(partial)
        raise
    write_manifest(Folder(partial), manifest)
    shutil.rmtree(output, ignore_errors=True)
    partial.rename(output)
    return manifest


def _fill(
    place: Location,
    documents: Iterable[Text],
    config: RagConfig,
    embedder: Embedder | None,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Write the table anew; return the manifest of it."""
    connection = place.connect()
    mode = "overwrite" if TABLE in connection.list_tables().tables else "create"
    table = connection.create_table(TABLE, schema=_schema(embedder), mode=mode)
    count = 0
    sources: Counter[str] = Counter()
    digests: dict[str, str] = {}
    for rows in batches(by_document(documents, config), ROWS_AT_ONCE):
        for passage, digest in rows:
            digests[passage.document] = digest
            sources[passage.source] += 1
        table.add(as_table(rows, embedder))
        count += len(rows)
        progress(f"{count} passages")
    if not count:
        raise InputError("no passages to index: the corpus has no document that can be cited")
    table.create_index("searched", config=FTS(language="English"), replace=True)
    if table.count_rows() != count:
        raise overtaken(place)
    name = embedder.name if embedder else None
    manifest = {
        "format": FORMAT,
        "passages": count,
        "sources": dict(sorted(sources.items())),
        "embedder": name,
        "content": content_hash(name, digests),
        "version": table.version,
    }
    manifest["history"] = [entry(manifest, added=len(digests))]
    return manifest


def by_document(documents: Iterable[Text], config: RagConfig) -> Iterator[list[Row]]:
    """Yield the passages of each document together, each with the document's digest."""
    cut = passages(documents, chunk_chars=config.chunk_chars, chunk_overlap=config.chunk_overlap)
    seen: set[str] = set()
    for document, group in groupby(cut, key=lambda passage: passage.document):
        if document in seen:
            raise InputError(f"two documents have the id '{document}': a citation must name one")
        seen.add(document)
        held = list(group)
        text = json.dumps([asdict(passage) for passage in held], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield [(passage, digest) for passage in held]


def content_hash(embedder: str | None, digests: Mapping[str, str]) -> str:
    """One hash of all documents, in whatever order they came."""
    checksum = hashlib.sha256(f"{FORMAT} {embedder or 'none'}".encode())
    for document, digest in sorted(digests.items()):
        checksum.update(f"\n{document} {digest}".encode())
    return checksum.hexdigest()


def entry(manifest: Mapping[str, Any], **changes: int) -> dict[str, Any]:
    """What the history keeps of a version."""
    return {**{k: manifest[k] for k in ("version", "content", "passages", "sources")}, **changes}


def write_manifest(place: Location, manifest: Mapping[str, Any]) -> None:
    """Replace the manifest, whole or not at all: the version it names is the one that is read."""
    place.replace(MANIFEST, json.dumps(manifest, indent=1) + "\n")


class Index:
    """An index opened for search.

    Parameters
    ----------
    folder : Path or str
        Where ``build_index`` wrote it: a folder, or ``s3://BUCKET/PREFIX``.
    config : RagConfig, optional
        How many candidates each search gives and how they are fused.
    embedder : Embedder, optional
        Overrides the one that the configuration names. An index built with vectors is searched by
        words alone when its embedder is not installed here (``by_meaning`` is then false).
    version : int, optional
        An earlier version of its history instead of the current one.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        config: RagConfig | None = None,
        embedder: Embedder | None = None,
        version: int | None = None,
    ) -> None:
        self.config = config or RagConfig()
        place = locate(folder)
        self.manifest = read_manifest(place)
        if version is not None:
            self.manifest = {**self.manifest, **version_entry(place, self.manifest, version)}
        wanted = self.manifest["embedder"]
        if embedder is None and wanted is not None and self.config.embedder != "none":
            embedder = make_embedder("auto")
        self._embedder = embedder if embedder and embedder.name == wanted else None
        try:
            self._table = place.connect().open_table(TABLE)
            self._table.checkout(self.manifest["version"])
            rows = self._table.count_rows()
        except (ValueError, OSError, RuntimeError) as error:
            raise InputError(f"{folder}: damaged index; run the step 'rag_index' again") from error
        if rows != self.manifest["passages"]:
            raise InputError(
                f"{folder}: {rows} passages, the manifest says {self.manifest['passages']}; "
                "run the step 'rag_index' again"
            )

    @property
    def content(self) -> str:
        """The hash that names what is in the index."""
        return str(self.manifest["content"])

    @property
    def by_meaning(self) -> bool:
        """Whether vectors are used."""
        return self._embedder is not None

    def search(self, query: str, k: int | None = None, *, domain: str | None = None) -> list[Found]:
        """Return the ``k`` best passages for a query in plain words, best first."""
        k = k or self.config.top_k
        wanted = max(self.config.candidates, k)
        if not any(c.isalnum() for c in query):
            return []
        lexical = self._lexical(query, wanted, domain)
        near = self._near(query, wanted, domain) if self._embedder else []
        return self._fuse(query, lexical, near, wanted)[:k]

    def passage(self, identity: str) -> Passage | None:
        """The passage with this id, which is what a citation names."""
        literal = identity.replace("'", "''")
        rows = (
            self._table.search().where(f"id = '{literal}'").select([*_FIELDS]).limit(1).to_arrow()
        )
        return next((Passage(**row) for row in rows.to_pylist()), None)

    def _lexical(self, query: str, limit: int, domain: str | None) -> Scored:
        # A MatchQuery takes the words as they are: quotes and signs are no query language.
        words: Any = MatchQuery(query, "searched")  # type: ignore[call-arg]
        search = self._table.search(words, query_type="fts")
        return self._run(search, limit, domain, "_score", descending=True)

    def _near(self, query: str, limit: int, domain: str | None) -> Scored:
        assert self._embedder is not None
        vector = self._embedder.embed([query])[0]
        search: Any = self._table.search(vector, vector_column_name="vector")
        near = self._run(
            search.distance_type("cosine"), limit, domain, "_distance", descending=False
        )
        return [(passage, 1 - distance) for passage, distance in near]

    def _run(
        self, search: Any, limit: int, domain: str | None, by: str, *, descending: bool
    ) -> Scored:
        if domain is not None:
            literal = domain.replace("'", "''")
            search = search.where(f"domain = '{literal}'", prefilter=True)
        rows = search.select([*_FIELDS, by]).limit(limit).to_arrow().to_pylist()
        sign = -1 if descending else 1
        rows.sort(key=lambda row: (sign * round(row[by], 9), row["id"]))
        return [(Passage(**{name: row[name] for name in _FIELDS}), row[by]) for row in rows]

    def _fuse(self, query: str, lexical: Scored, near: Scored, limit: int) -> list[Found]:
        words = {p.id: rank for rank, (p, _) in enumerate(lexical, start=1)}
        meaning = {p.id: rank for rank, (p, _) in enumerate(near, start=1)}
        every = {p.id: p for p, _ in (*lexical, *near)}
        c = self.config
        lexical_shares, words_missing = _shares(lexical, limit, _BELOW_WORDS)
        near_shares, meaning_missing = _shares(near, limit, _BELOW_MEANING)
        covered = dict.fromkeys(every, 0.0)
        if c.coverage_weight:
            shares = coverages(query, [p.searched for p in every.values()])
            covered = dict(zip(every, shares, strict=True))

        def score(id: str) -> float:
            return (
                c.lexical_weight * lexical_shares.get(id, words_missing)
                + c.vector_weight * near_shares.get(id, meaning_missing)
                + c.coverage_weight * covered[id]
            )

        ranked = sorted(every, key=lambda id: (-score(id), id))
        taken: Counter[str] = Counter()
        found = []
        for id in ranked:
            taken[every[id].document] += 1
            if taken[every[id].document] <= MOST_PER_DOCUMENT:
                found.append(Found(every[id], score(id), words.get(id), meaning.get(id)))
        return found


def _shares(found: Scored, limit: int, below: float) -> tuple[dict[str, float], float]:
    """Each passage's share of the best score of a search, and that of a passage which it did not return."""
    best = found[0][1] if found else 0.0
    if best <= 0:
        return {}, 0.0
    shares = {p.id: max(0.0, score / best) for p, score in found}
    return shares, below * min(shares.values()) if len(found) >= limit else 0.0


def read_manifest(place: Location) -> dict[str, Any]:
    text = place.read(MANIFEST)
    path = f"{place}/{MANIFEST}"
    if text is None:
        raise InputError(f"{place}: no index here; run the step 'rag_index' first")
    try:
        manifest: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: damaged; run the step 'rag_index' again") from error
    if manifest.get("format") != FORMAT:
        raise InputError(
            f"{path}: index format {manifest.get('format')}, expected {FORMAT}; "
            "run the step 'rag_index' again"
        )
    return manifest


def version_entry(place: Location, manifest: Mapping[str, Any], version: int) -> dict[str, Any]:
    """The history's entry of a version, or an ``InputError`` that says which there are."""
    for found in manifest["history"]:
        if found["version"] == version:
            return dict(found)
    known = ", ".join(str(found["version"]) for found in manifest["history"])
    raise InputError(f"{place}: no version {version} of this index; there are {known}")


def _schema(embedder: Embedder | None) -> pa.Schema:
    fields = [pa.field(name, pa.string()) for name in (*_FIELDS, "digest", "searched")]
    if embedder is not None:
        fields.append(pa.field("vector", pa.list_(pa.float32(), embedder.dimension)))
    return pa.schema(fields)


def as_table(rows: Sequence[Row], embedder: Embedder | None) -> pa.Table:
    """Passages with their documents' digests as rows of the index."""
    columns: dict[str, Any] = {name: [getattr(p, name) for p, _ in rows] for name in _FIELDS}
    columns["digest"] = [digest for _, digest in rows]
    columns["searched"] = [p.searched for p, _ in rows]
    if embedder is not None:
        columns["vector"] = list(embedder.embed([p.searched for p, _ in rows]))
    return pa.table(columns, schema=_schema(embedder))


def batches(groups: Iterable[list[Row]], size: int) -> Iterator[list[Row]]:
    """Join documents' rows to lists of about ``size``; a document is not cut."""
    held: list[Row] = []
    for group in groups:
        held += group
        if len(held) >= size:
            yield held
            held = []
    if held:
        yield held
