"""Where text from outside comes from: a recipe in ``configs/sources/*.yaml``, a source an entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from havoc.config import config_path
from havoc.errors import InputError
from havoc.options import Options, from_mapping, option, read_yaml

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Source(Options):
    """One source of documents."""

    kind: Literal["path", "url", "s3", "hub"] = option(
        "path", "a folder or file here, one file by URL, an S3 prefix, or a dataset of the hub"
    )
    location: str = option("", "PATH, https://HOST/FILE, s3://BUCKET/PREFIX or OWNER/DATASET")
    domain: Literal["math", "stats", "engineering", "general"] = option(
        "general", "domain of the documents that name none themselves"
    )
    licence: str = option("unknown", "licence (SPDX) of the documents that name none themselves")
    files: str = option("*", "pattern of the files to take, below the location")
    revision: str = option("main", "branch, tag or commit of a dataset of the hub")
    sha256: str | None = option(None, "what a file by URL must hash to")
    endpoint: str | None = option(None, "another S3 server or hub than the public one")
    anonymous: bool = option(False, "an S3 bucket that is read without credentials")
    most_documents: int | None = option(None, "stop after this many", ge=1)
    most_characters: float | None = option(None, "stop after this much text", ge=1)
    mask_personal_data: bool = option(True, "see the data configuration; needs havoc[ingest]")
    region: str | None = option(None, "country whose national telephone numbers are masked too")
    shard_characters: int = option(64_000_000, "text of one Parquet file", ge=1)

    def check(self) -> None:
        expected = {
            "path": ("", "a path"),
            "url": (r"https?://\S+", "http:// or https://"),
            "s3": (r"s3://[^/\s]+(/\S*)?", "s3://BUCKET/PREFIX"),
            "hub": (r"[\w.-]+/[\w.-]+", "OWNER/DATASET"),
        }
        pattern, words = expected[self.kind]
        if not self.location or (pattern and not re.fullmatch(pattern, self.location)):
            raise InputError(
                f"location: expected {words} for kind {self.kind}, got '{self.location}'"
            )
        if self.sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise InputError("sha256: expected 64 hexadecimal digits")
        if self.sha256 is not None and self.kind != "url":
            raise InputError("sha256: only for kind url")


def load_recipe(name: str | Path) -> dict[str, Source]:
    """Read a recipe: the name of a file in ``configs/sources``, or the path of a YAML file.

    Examples
    --------
    >>> sorted(load_recipe("sources_7b"))[0]
    'algebraic-stack'
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = config_path("sources", str(name))
    sources = {}
    for key, values in read_yaml(path).items():
        where = f"{path}, source '{key}'"
        if not _NAME.fullmatch(str(key)):
            raise InputError(f"{where}: a name is of small letters, digits, '-' and '_'")
        if not isinstance(values, dict):
            raise InputError(f"{where}: expected 'kind', 'location' and so on below the name")
        try:
            sources[str(key)] = from_mapping(Source, values)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    if not sources:
        raise InputError(f"{path}: no source in this recipe")
    return sources
