"""The files of a source, listed and brought here one at a time: folder, URL, S3, dataset hub."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from havoc.corpus.documents import LICENCE_SUFFIX, UNKNOWN_LICENCE, declared_licence
from havoc.corpus.recipe import Source
from havoc.errors import InputError, first_line

CHUNK = 1 << 20
TRIES = 5
TIMEOUT_SECONDS = 60.0
HUB = "https://huggingface.co"
# What these suffixes wrap is read as what they are wrapped around.
COMPRESSED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}


class SourceAway(InputError):
    """A source does not answer. What was taken from it is kept: the same command goes on."""


@dataclass(frozen=True)
class SourceFile:
    """A file that a source has: its name there, a mark of its content, and how it is got."""

    name: str
    version: str
    fetch: Callable[[Path], None]
    licence: str = UNKNOWN_LICENCE

    @property
    def suffix(self) -> str:
        """The suffix of the content, compression apart."""
        path = Path(self.name)
        return (path.with_suffix("") if path.suffix.lower() in COMPRESSED else path).suffix.lower()


def list_files(source: Source) -> list[SourceFile]:
    """Return the files of a source by name; none is an ``InputError``."""
    found = sorted(LISTERS[source.kind](source), key=lambda file: file.name)
    if not found:
        raise InputError(f"{source.location}: no file here matches '{source.files}'")
    return found


def bring(file: SourceFile, folder: Path) -> Path:
    """Put a file's content, unpacked, into ``folder`` under a hidden name; return its path."""
    import pyarrow as pa

    raw = folder / f".fetched{Path(file.name).suffix.lower()}"
    raw.unlink(missing_ok=True)
    file.fetch(raw)
    packing = COMPRESSED.get(raw.suffix)
    if packing is None:
        return raw
    plain = folder / f".fetched{file.suffix}"
    plain.unlink(missing_ok=True)  # a link must not be written through
    try:
        with pa.input_stream(str(raw), compression=packing) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out, CHUNK)
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None):  # a full disk is no fault of the file
            raise
        raise InputError(f"{file.name}: not a readable {packing} file ({error})") from error
    finally:
        raw.unlink(missing_ok=True)
    return plain


def _local(source: Source) -> Iterator[SourceFile]:
    root = Path(source.location)
    if not root.exists():
        raise InputError(f"{root}: no such file or folder")
    paths = [root] if root.is_file() else [p for p in root.rglob("*") if p.is_file()]
    for path in paths:
        name = path.name if path == root else path.relative_to(root).as_posix()
        if path.name.startswith(".") or path.name.endswith(LICENCE_SUFFIX):
            continue
        if path != root and not fnmatch.fnmatch(name, source.files):
            continue
        facts = path.stat()

        def fetch(target: Path, path: Path = path) -> None:
            target.symlink_to(path.resolve())

        mark = f"{facts.st_size} {facts.st_mtime_ns}"
        yield SourceFile(name, mark, fetch, declared_licence(path))


def _by_url(source: Source) -> Iterator[SourceFile]:
    name = source.location.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    yield SourceFile(
        name,
        source.sha256 or source.location,
        lambda target: download(source.location, target, sha256=source.sha256),
    )


def _from_s3(source: Source) -> Iterator[SourceFile]:
    from pyarrow import fs

    scheme, _, host = (source.endpoint or "").rpartition("://")
    options: dict[str, Any] = {"anonymous": source.anonymous}
    if host:
        options |= {"endpoint_override": host, "scheme": scheme or "https"}
    options["region"] = os.environ.get("AWS_REGION") or "us-east-1"
    store = fs.S3FileSystem(**options)
    root = source.location.removeprefix("s3://").rstrip("/")
    try:
        entries = store.get_file_info(fs.FileSelector(root, recursive=True))
        if not entries and store.get_file_info(root).type == fs.FileType.File:
            entries = [store.get_file_info(root)]
    except OSError as error:
        raise SourceAway(f"{source.location}: {first_line(error)}") from error
    for entry in entries:
        name = entry.path.removeprefix(root).lstrip("/") or entry.base_name
        if entry.type != fs.FileType.File or not fnmatch.fnmatch(name, source.files):
            continue

        def fetch(target: Path, path: str = entry.path) -> None:
            try:
                with store.open_input_stream(path) as stream, target.open("wb") as out:
                    shutil.copyfileobj(stream, out, CHUNK)
            except OSError as error:
                if error.filename or "No space" in str(error):
                    raise
                raise SourceAway(f"s3://{path}: {first_line(error)}") from error

        yield SourceFile(name, f"{entry.size} {entry.mtime_ns}", fetch)


def _from_hub(source: Source) -> Iterator[SourceFile]:
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
        from huggingface_hub.hf_api import RepoFile
    except ModuleNotFoundError:
        raise InputError(
            "the dataset hub needs huggingface_hub; run pip install 'havoc[ingest]'"
        ) from None
    import httpx

    endpoint = (source.endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    api = HfApi(endpoint=endpoint)
    try:
        # The commit is fixed first, so that list and files are of one moment.
        commit = api.dataset_info(source.location, revision=source.revision).sha
        tree = list(
            api.list_repo_tree(
                source.location, repo_type="dataset", revision=commit, recursive=True
            )
        )
    except RepositoryNotFoundError as error:
        raise InputError(
            f"{source.location}: the hub has no such dataset, or wants a token"
        ) from error
    except (HfHubHTTPError, httpx.HTTPError, OSError) as error:
        raise SourceAway(f"{endpoint}/datasets/{source.location}: {first_line(error)}") from error
    token = os.environ.get("HF_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for entry in tree:
        if not isinstance(entry, RepoFile) or not fnmatch.fnmatch(entry.path, source.files):
            continue
        address = f"{endpoint}/datasets/{source.location}/resolve/{commit}/{entry.path}"

        def fetch(target: Path, address: str = address) -> None:
            download(address, target, headers=headers)

        yield SourceFile(entry.path, str(entry.blob_id), fetch)


LISTERS: dict[str, Callable[[Source], Iterator[SourceFile]]] = {
    "path": _local,
    "url": _by_url,
    "s3": _from_s3,
    "hub": _from_hub,
}


def download(
    address: str,
    target: Path,
    *,
    sha256: str | None = None,
    headers: dict[str, str] | None = None,
    tries: int = TRIES,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Bring a file by HTTP; a connection that breaks is taken up where it broke (RFC 9110, Range).

    Raises
    ------
    SourceAway
        After ``tries`` attempts without an end.
    InputError
        If the server refuses, or the content is not what ``sha256`` says.
    """
    import httpx

    target.unlink(missing_ok=True)
    fault = ""
    for attempt in range(tries):
        if attempt:
            pause(2.0**attempt)
        try:
            if _some_more(address, target, headers or {}):
                break
            fault = "the connection ended early"
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status < 500 and status != 429:
                raise InputError(f"{address}: the server says {status}") from error
            fault = f"the server says {status}"
        except httpx.HTTPError as error:
            fault = first_line(error)
    else:
        raise SourceAway(f"{address}: {fault} ({tries} tries); run it again to go on")
    if sha256 is not None:
        with target.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != sha256:
            raise InputError(f"{address}: SHA-256 is {found}, expected {sha256}")


def _some_more(address: str, target: Path, headers: dict[str, str]) -> bool:
    """Add to ``target`` what it lacks; whether it is whole."""
    import httpx

    have = target.stat().st_size if target.exists() else 0
    asked = {**headers, "Accept-Encoding": "identity"}
    if have:
        asked["Range"] = f"bytes={have}-"
    with httpx.stream(
        "GET", address, headers=asked, follow_redirects=True, timeout=TIMEOUT_SECONDS
    ) as answer:
        if have and answer.status_code == 416:  # nothing is left to send
            return True
        answer.raise_for_status()
        again = answer.status_code == 206
        with target.open("ab" if again else "wb") as out:
            for part in answer.iter_raw():  # as it comes: what came before a break is kept
                out.write(part)
        length = answer.headers.get("Content-Length")
    return length is None or target.stat().st_size == int(length) + (have if again else 0)
