"""Changing an index in place: documents added, changed and deleted, and any version read again.

LanceDB keeps a version for each change of its table; the index's manifest names the one that is
read. An update works on the table and replaces the manifest last, so that a reader sees all of it
or nothing, and an update that is killed is undone by the next one.
"""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import lancedb

from havoc.config import RagConfig
from havoc.errors import InputError
from havoc.rag.embedding import Embedder, make_embedder
from havoc.rag.index import (
    ROWS_AT_ONCE,
    TABLE,
    as_table,
    batches,
    by_document,
    content_hash,
    entry,
    read_manifest,
    version_entry,
    write_manifest,
)
from havoc.rag.passages import Text

# LanceDB's own clean-up would take the versions that the history promises.
KEEP = timedelta(days=36_500)
IDS_AT_ONCE = 500


def update_index(
    folder: Path,
    documents: Iterable[Text],
    *,
    remove_others: bool = True,
    config: RagConfig | None = None,
    embedder: Embedder | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Make the index one of ``documents``, touching what differs; return the manifest.

    Only passages of new and changed documents are embedded and written. The content hash is that
    of an index built afresh.

    Parameters
    ----------
    folder : Path
        An index that ``build_index`` wrote.
    documents : iterable of Text
        All documents, or with ``remove_others`` false those to add or to change.
    config : RagConfig, optional
        As the index was built: passages cut otherwise are other passages.
    """
    config = config or RagConfig()
    with _alone(folder):
        manifest = read_manifest(folder)
        embedder = embedder or make_embedder(config.embedder)
        name = embedder.name if embedder else None
        if name != manifest["embedder"]:
            raise InputError(
                f"{folder}: built with the embedder {manifest['embedder'] or 'none'}, "
                f"here is {name or 'none'}; run the step 'rag_index' again"
            )
        table = _current(folder, manifest)
        before = _digests(table)
        after: dict[str, str] = {} if remove_others else dict(before)
        named: set[str] = set()

        def differing() -> Iterator[list[Any]]:
            for rows in by_document(documents, config):
                document, digest = rows[0][0].document, rows[0][1]
                named.add(document)
                after[document] = digest
                if before.get(document) != digest:
                    yield rows

        for rows in batches(differing(), ROWS_AT_ONCE):
            _delete(table, {p.document for p, _ in rows} & before.keys())
            table.add(as_table(rows, embedder))
            progress(f"{len(named)} documents looked at")
        gone = before.keys() - after.keys()
        _delete(table, gone)
        if not after:
            raise InputError("no passages to index: no document here can be cited")
        added = len(after.keys() - before.keys())
        changed = sum(1 for d in before.keys() & after.keys() if before[d] != after[d])
        if not (added or changed or gone):
            return manifest
        return _finish(
            folder, table, manifest, after, added=added, changed=changed, deleted=len(gone)
        )


def restore_version(folder: Path, version: int) -> dict[str, Any]:
    """Make an earlier version the current one, as a new version of the history."""
    with _alone(folder):
        manifest = read_manifest(folder)
        version_entry(folder, manifest, version)
        table = _current(folder, manifest)
        table.checkout(version)
        table.restore()
        return _finish(folder, table, manifest, _digests(table), restored=version)


def _finish(
    folder: Path, table: Any, manifest: dict[str, Any], digests: dict[str, str], **changes: int
) -> dict[str, Any]:
    table.optimize(cleanup_older_than=KEEP)  # brings the full-text index up to date
    found = table.search().select(["source"]).limit(None).to_arrow()
    sources = Counter(found.column("source").to_pylist())
    new = {
        **manifest,
        "passages": table.count_rows(),
        "sources": dict(sorted(sources.items())),
        "content": content_hash(manifest["embedder"], digests),
        "version": table.version,
    }
    new["history"] = [*manifest["history"], entry(new, **changes)]
    write_manifest(folder, new)
    return new


def _current(folder: Path, manifest: dict[str, Any]) -> Any:
    """The table as the manifest has it; what an interrupted update wrote after that is undone."""
    try:
        table = lancedb.connect(folder).open_table(TABLE)
        if table.version != manifest["version"]:
            table.checkout(manifest["version"])
            table.restore()
    except (ValueError, OSError, RuntimeError) as error:
        raise InputError(f"{folder}: damaged index; run the step 'rag_index' again") from error
    return table


def _digests(table: Any) -> dict[str, str]:
    rows = table.search().select(["document", "digest"]).limit(None).to_arrow()
    columns = (rows.column(name).to_pylist() for name in ("document", "digest"))
    return dict(zip(*columns, strict=True))


def _delete(table: Any, documents: Iterable[str]) -> None:
    names = sorted(documents)
    for start in range(0, len(names), IDS_AT_ONCE):
        quoted = (f"'{name.replace(chr(39), chr(39) * 2)}'" for name in names[start:][:IDS_AT_ONCE])
        table.delete(f"document IN ({', '.join(quoted)})")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the index's lock: two updates at once would both add the same document."""
    read_manifest(folder)
    with (folder / ".update.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{folder}: another process updates this index; wait for it") from None
        yield
