"""Changing an index in place: documents added, changed and deleted, and any version read again.

LanceDB keeps a version for each change of its table; the index's manifest names the one that is
read. An update works on the table and replaces the manifest last, so that a reader sees all of it
or nothing, and an update that is killed is undone by the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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
from havoc.rag.location import Location, locate, overtaken
from havoc.rag.passages import Text

# LanceDB's own clean-up would take the versions that the history promises.
KEEP = timedelta(days=36_500)
IDS_AT_ONCE = 500


def update_index(
    folder: Path | str,
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
    folder : Path or str
        An index that ``build_index`` wrote, in a folder or a bucket.
    documents : iterable of Text
        All documents, or with ``remove_others`` false those to add or to change.
    config : RagConfig, optional
        As the index was built: passages cut otherwise are other passages.
    """
    config = config or RagConfig()
    place = locate(folder)
    read_manifest(place)
    with place.alone():
        manifest = read_manifest(place)
        embedder = embedder or make_embedder(config.embedder)
        name = embedder.name if embedder else None
        if name != manifest["embedder"]:
            raise InputError(
                f"{folder}: built with the embedder {manifest['embedder'] or 'none'}, "
                f"here is {name or 'none'}; run the step 'rag_index' again"
            )
        table = _current(place, manifest)
        before = _digests(table)
        rows_now = manifest["passages"]
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
            rows_now += len(rows) - _delete(table, {p.document for p, _ in rows} & before.keys())
            table.add(as_table(rows, embedder))
            progress(f"{len(named)} documents looked at")
        gone = before.keys() - after.keys()
        rows_now -= _delete(table, gone)
        if not after:
            raise InputError("no passages to index: no document here can be cited")
        added = len(after.keys() - before.keys())
        changed = sum(1 for d in before.keys() & after.keys() if before[d] != after[d])
        if not (added or changed or gone):
            return manifest
        counts = {"added": added, "changed": changed, "deleted": len(gone)}
        return _finish(place, table, manifest, after, rows_now, **counts)


def restore_version(folder: Path | str, version: int) -> dict[str, Any]:
    """Make an earlier version the current one, as a new version of the history."""
    place = locate(folder)
    read_manifest(place)
    with place.alone():
        manifest = read_manifest(place)
        wanted = version_entry(place, manifest, version)
        table = _current(place, manifest)
        table.checkout(version)
        table.restore()
        digests = _digests(table)
        return _finish(place, table, manifest, digests, wanted["passages"], restored=version)


def _finish(
    place: Location,
    table: Any,
    manifest: dict[str, Any],
    digests: dict[str, str],
    rows: int,
    **changes: int,
) -> dict[str, Any]:
    """Make the table as it is now the index; refuse if it is not what this update made of it."""
    table.optimize(cleanup_older_than=KEEP)  # brings the full-text index up to date
    version = table.version
    found = table.search().select(["source"]).limit(None).to_arrow()
    if len(found) != rows or _digests(table) != digests:
        raise overtaken(place)
    sources = Counter(found.column("source").to_pylist())
    new = {
        **manifest,
        "passages": rows,
        "sources": dict(sorted(sources.items())),
        "content": content_hash(manifest["embedder"], digests),
        "version": version,
    }
    new["history"] = [*manifest["history"], entry(new, **changes)]
    write_manifest(place, new)
    return new


def _current(place: Location, manifest: dict[str, Any]) -> Any:
    """The table as the manifest has it; what an interrupted update wrote after that is undone."""
    try:
        table = place.connect().open_table(TABLE)
        if table.version != manifest["version"]:
            table.checkout(manifest["version"])
            table.restore()
    except (ValueError, OSError, RuntimeError) as error:
        raise InputError(f"{place}: damaged index; run the step 'rag_index' again") from error
    return table


def _digests(table: Any) -> dict[str, str]:
    rows = table.search().select(["document", "digest"]).limit(None).to_arrow()
    columns = (rows.column(name).to_pylist() for name in ("document", "digest"))
    return dict(zip(*columns, strict=True))


def _delete(table: Any, documents: Iterable[str]) -> int:
    """Delete the passages of some documents; how many there were."""
    names, gone = sorted(documents), 0
    for start in range(0, len(names), IDS_AT_ONCE):
        quoted = (f"'{name.replace(chr(39), chr(39) * 2)}'" for name in names[start:][:IDS_AT_ONCE])
        which = f"document IN ({', '.join(quoted)})"
        gone += table.count_rows(which)
        table.delete(which)
    return gone
