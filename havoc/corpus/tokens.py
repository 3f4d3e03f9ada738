"""The ``tokens`` step: documents as memory-mapped token shards.

A group (a domain of the corpus, the lessons, the request/program pairs) is written in one of two
ways:

* ``stream``: documents one after the other; a row of training is any window, nothing is padded;
* ``packed``: whole sequences packed into rows, none cut, the rest of a row padded; for pairs, whose
  loss weights say which tokens are to be learnt. With a ``block`` no sequence crosses a multiple of
  it, so that a row may be trained on as that many shorter ones: attention costs by the square.

Either way the starts of the documents are kept, so that a batch can say which document each token
is of and its position there (attention must not look across, see ``Batch``).

On disk, in a folder: ``<group>-<split>-<part>.tokens`` (uint16 or uint32, little endian),
``.starts`` (int64, places of first tokens), ``.weights`` (float16, where given) and
``manifest.json``, written last.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from havoc.corpus.build import read_corpus
from havoc.corpus.packing import pack
from havoc.errors import InputError
from havoc.tokenizer.tokenizer import Tokenizer

MANIFEST = "manifest.json"
FORMAT = 1
Split = Literal["train", "validation"]
SPLITS: tuple[Split, ...] = ("train", "validation")
# Sequences packed together; larger packs a little better and holds more in memory.
PACK_AT_ONCE = 100_000


@dataclass(frozen=True)
class Encoded:
    """One document or pair as tokens.

    ``key`` decides the split (equal keys go to the same side); ``weights`` are the loss weights of
    the tokens, 1 where absent; ``bytes`` is the size of the text, for bits per byte.
    """

    key: str
    ids: Sequence[int]
    weights: Sequence[float] | None = None
    bytes: int = 0


@dataclass(frozen=True)
class Group:
    """What is written under one name; ``validation_share`` overrides that of ``build_tokens``.

    ``block`` divides ``seq_len``; sequences that are longer are left out and counted.
    """

    name: str
    mode: Literal["stream", "packed"]
    documents: Iterable[Encoded]
    validation_share: float | None = None
    block: int | None = None


@dataclass
class Part:
    """One shard: its files' common stem and what is in it."""

    stem: str
    tokens: int = 0
    rows: int = 0
    documents: int = 0
    bytes: int = 0
    padding: int = 0
    sha256: str = ""


@dataclass
class GroupManifest:
    """What was written of a group, by split."""

    mode: str
    weighted: bool
    parts: dict[str, list[Part]] = field(default_factory=dict)
    too_long: int = 0
    empty: int = 0
    block: int | None = None


def build_tokens(
    output: Path,
    groups: Iterable[Group],
    *,
    seq_len: int,
    vocab_size: int,
    pad_id: int,
    validation_share: float = 0.02,
    shard_tokens: int = 16_777_216,
    tokenizer: str = "",
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Write the groups as shards under ``output``, replaced as a whole at the end; report.

    ``tokenizer`` is the hash of the tokenizer that made the ids; it becomes part of the
    fingerprint.
    """
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    dtype = "<u2" if vocab_size <= 1 << 16 else "<u4"
    manifests: dict[str, GroupManifest] = {}
    for group in groups:
        writer = _GroupWriter(partial, group, seq_len, dtype, pad_id, vocab_size, shard_tokens)
        share = validation_share if group.validation_share is None else group.validation_share
        for document in group.documents:
            writer.add(document, split_of(document.key, share))
        manifests[group.name] = writer.close()
        progress(_describe(group.name, manifests[group.name]))
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "seq_len": seq_len,
        "dtype": dtype,
        "vocab_size": vocab_size,
        "pad_id": pad_id,
        "tokenizer": tokenizer,
        "groups": {name: asdict(m) for name, m in manifests.items()},
    }
    manifest["fingerprint"] = hashlib.sha256(_canonical(manifest)).hexdigest()
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    shutil.rmtree(output, ignore_errors=True)
    partial.rename(output)
    return report(manifest)


def split_of(key: str, validation_share: float) -> Split:
    """Return the side a document is on: a function of its key alone, whatever else there is."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return "validation" if int.from_bytes(digest, "big") < validation_share * 2.0**64 else "train"


def encode_corpus(
    corpus: Path, tokenizer: Tokenizer, domain: str | None = None
) -> Iterator[Encoded]:
    """Yield the documents of a built corpus as tokens, between start and end tokens."""
    for document in read_corpus(corpus):
        if domain is None or document.domain == domain:
            yield encode_text(document.text, tokenizer)


def encode_text(text: str, tokenizer: Tokenizer) -> Encoded:
    """Return a text as one document; its split follows from what it says."""
    return Encoded(text, tokenizer.encode(text, bos=True, eos=True), bytes=len(text.encode()))


def report(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a manifest that a person wants to see."""
    groups: dict[str, Any] = {}
    for name, group in manifest["groups"].items():
        splits = {}
        for split, parts in group["parts"].items():
            tokens = sum(p["tokens"] for p in parts)
            padding = sum(p["padding"] for p in parts)
            splits[split] = {
                "documents": sum(p["documents"] for p in parts),
                "tokens": tokens - padding,
                "rows": sum(p["rows"] for p in parts),
                "bytes": sum(p["bytes"] for p in parts),
                "padding_share": round(padding / tokens, 4) if tokens else 0.0,
            }
        groups[name] = {
            "mode": group["mode"],
            "too_long": group["too_long"],
            "empty": group["empty"],
            **splits,
        }
    return {
        "seq_len": manifest["seq_len"],
        "vocab_size": manifest["vocab_size"],
        "tokens": sum(g[s]["tokens"] for g in groups.values() for s in SPLITS if s in g),
        "groups": groups,
        "fingerprint": manifest["fingerprint"],
    }


class _GroupWriter:
    """Sends each document to the writer of its split."""

    def __init__(
        self,
        folder: Path,
        group: Group,
        seq_len: int,
        dtype: str,
        pad_id: int,
        vocab_size: int,
        shard_tokens: int,
    ) -> None:
        self._packed = group.mode == "packed"
        self._row = seq_len + 1
        self._vocab_size = vocab_size
        self._group = group.name
        self._pad_id = pad_id
        if group.block is not None and (not self._packed or seq_len % group.block):
            raise ValueError(f"{group.name}: block {group.block} of packed rows of {seq_len}")
        self._blocks = 1 if group.block is None else seq_len // group.block
        self._capacity = group.block or self._row
        self._manifest = GroupManifest(mode=group.mode, weighted=False, block=group.block)
        self._waiting: dict[Split, list[Encoded]] = {s: [] for s in SPLITS}
        self._shards = {
            s: _ShardWriter(folder, f"{group.name}-{s}", dtype, shard_tokens, seq_len, self._packed)
            for s in SPLITS
        }

    def add(self, document: Encoded, split: Split) -> None:
        length = len(document.ids)
        if document.weights is not None and len(document.weights) != length:
            raise ValueError(
                f"{self._group}: {length} tokens but {len(document.weights)} weights "
                f"({document.key[:60]!r})"
            )
        if not length:
            self._manifest.empty += 1
        elif self._packed and length > self._capacity:
            self._manifest.too_long += 1
        elif not 0 <= min(document.ids) <= max(document.ids) < self._vocab_size:
            raise ValueError(f"{self._group}: a token is not below vocab_size {self._vocab_size}")
        elif self._packed:
            self._waiting[split].append(document)
            if len(self._waiting[split]) >= PACK_AT_ONCE:
                self._pack(split)
        else:
            self._shards[split].add([document])

    def _pack(self, split: Split) -> None:
        waiting, self._waiting[split] = self._waiting[split], []
        packed = pack([len(d.ids) for d in waiting], self._capacity)
        shards = self._shards[split]
        for first in range(0, len(packed), self._blocks):
            members = packed[first : first + self._blocks]
            members += [[]] * (self._blocks - len(members))
            for place, block in enumerate(members, 1):
                last = place == self._blocks  # with the row's one token more, a target only
                size = self._row - (place - 1) * self._capacity if last else self._capacity
                shards.add([waiting[i] for i in block], pad_to=size, pad_id=self._pad_id)

    def close(self) -> GroupManifest:
        for split, shards in self._shards.items():
            self._pack(split)
            self._manifest.parts[split] = shards.close()
            self._manifest.weighted |= shards.weighted
        return self._manifest


class _ShardWriter:
    """Appends documents to shard files, starting a new one when the last is large enough."""

    def __init__(
        self, folder: Path, stem: str, dtype: str, shard_tokens: int, seq_len: int, packed: bool
    ) -> None:
        self.folder, self.stem, self.dtype = folder, stem, dtype
        self.shard_tokens, self.seq_len, self.packed = shard_tokens, seq_len, packed
        self.weighted = False
        self._parts: list[Part] = []
        self._reset()

    def _reset(self) -> None:
        # Arrays of the machine's own integers: a few bytes a token while a shard fills.
        self._ids = array("I")
        self._starts = array("q")
        self._weights = array("f")
        self._part = Part(f"{self.stem}-{len(self._parts):05d}")

    def add(self, documents: Sequence[Encoded], *, pad_to: int = 0, pad_id: int = 0) -> None:
        size = 0
        for document in documents:
            length = len(document.ids)
            self._starts.append(len(self._ids))
            self._ids.extend(document.ids)
            self.weighted |= document.weights is not None
            self._weights.extend(document.weights or [1.0] * length)
            self._part.documents += 1
            self._part.bytes += document.bytes
            size += length
        if pad_to > size:
            # Padding is a document of its own, of weight 0.
            self._starts.append(len(self._ids))
            self._ids.extend([pad_id] * (pad_to - size))
            self._weights.extend([0.0] * (pad_to - size))
            self._part.padding += pad_to - size
        if len(self._ids) >= self.shard_tokens:
            self._flush()

    def _flush(self) -> None:
        self._part.tokens = len(self._ids)
        if self.packed:
            self._part.rows = len(self._ids) // (self.seq_len + 1)
        else:
            self._part.rows = max(0, (len(self._ids) - 1) // self.seq_len)
        files = {
            ".tokens": np.asarray(self._ids, dtype=self.dtype),
            ".starts": np.asarray(self._starts, dtype="<i8"),
            # Padding needs weights too, so a packed shard always has them.
            ".weights": np.asarray(self._weights, dtype="<f2"),
        }
        if not (self.weighted or self.packed):
            del files[".weights"]
        checksum = hashlib.sha256()
        for suffix, values in files.items():
            raw = values.tobytes()
            (self.folder / (self._part.stem + suffix)).write_bytes(raw)
            checksum.update(raw)
        self._part.sha256 = checksum.hexdigest()
        self._parts.append(self._part)
        self._reset()

    def close(self) -> list[Part]:
        if self._ids:
            self._flush()
        return self._parts


@dataclass(frozen=True)
class Row:
    """One row of training: ``seq_len`` inputs with their targets."""

    tokens: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    segments: NDArray[np.int32]
    positions: NDArray[np.int32]


class _Shard:
    """A shard mapped into memory."""

    def __init__(self, folder: Path, part: dict[str, Any], dtype: str) -> None:
        self.rows = int(part["rows"])
        stem = folder / part["stem"]
        self.tokens = _mapped(stem.with_suffix(".tokens"), dtype, part["tokens"])
        self.starts = _mapped(stem.with_suffix(".starts"), "<i8", None)
        weights = stem.with_suffix(".weights")
        self.weights = _mapped(weights, "<f2", part["tokens"]) if weights.exists() else None


class TokenSet:
    """Built token shards, opened for reading; rows of a group and split by number.

    Opening checks that each file is there and has the size that the manifest says.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / MANIFEST
        if not path.is_file():
            raise InputError(f"{folder}: no token shards here; run the step 'tokens' first")
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads(path.read_text())
        if self.manifest.get("format") != FORMAT:
            raise InputError(f"{path}: format {self.manifest.get('format')}, expected {FORMAT}")
        self.seq_len = int(self.manifest["seq_len"])
        self.fingerprint = str(self.manifest["fingerprint"])
        self._shards: dict[tuple[str, str], list[_Shard]] = {}
        self._first: dict[tuple[str, str], NDArray[np.int64]] = {}
        for name, group in self.manifest["groups"].items():
            for split, parts in group["parts"].items():
                shards = [_Shard(folder, part, self.manifest["dtype"]) for part in parts]
                self._shards[name, split] = shards
                self._first[name, split] = np.cumsum([0, *(s.rows for s in shards)])

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.manifest["groups"])

    def block(self, group: str) -> int:
        """Return the length that no document of the group crosses a multiple of."""
        return int(self.manifest["groups"][group].get("block") or self.seq_len)

    def rows(self, group: str, split: Split = "train") -> int:
        """Return how many rows there are."""
        return int(self._first[group, split][-1])

    def row(self, group: str, split: Split, number: int) -> Row:
        """Return one row. Targets of the next document's first token have weight 0."""
        first = self._first[group, split]
        index = int(np.searchsorted(first, number, side="right")) - 1
        shard = self._shards[group, split][index]
        packed = self.manifest["groups"][group]["mode"] == "packed"
        start = (number - int(first[index])) * (self.seq_len + 1 if packed else self.seq_len)
        stop = start + self.seq_len + 1
        tokens = shard.tokens[start:stop].astype(np.int64)
        begins = shard.starts[
            np.searchsorted(shard.starts, start) : np.searchsorted(shard.starts, stop)
        ]
        opens = np.zeros(len(tokens), dtype=bool)
        opens[begins - start] = True
        segments = np.cumsum(opens, dtype=np.int32)
        places = np.arange(len(tokens), dtype=np.int32)
        positions = places - np.maximum.accumulate(np.where(opens, places, 0)).astype(np.int32)
        weights = np.ones(len(tokens), dtype=np.float32)
        if shard.weights is not None:
            weights = shard.weights[start:stop].astype(np.float32)
        weights[opens] = 0.0
        return Row(tokens[:-1], tokens[1:], weights[1:], segments[:-1], positions[:-1])

    def verify(self) -> None:
        """Check every shard against its hash; a damaged one is an ``InputError``."""
        for group in self.manifest["groups"].values():
            for part in (p for parts in group["parts"].values() for p in parts):
                checksum = hashlib.sha256()
                for suffix in (".tokens", ".starts", ".weights"):
                    path = (self.folder / part["stem"]).with_suffix(suffix)
                    if path.exists():
                        checksum.update(path.read_bytes())
                if checksum.hexdigest() != part["sha256"]:
                    raise InputError(
                        f"{self.folder / part['stem']}: damaged, its hash is not the manifest's; "
                        "run the step 'tokens' again"
                    )


def _mapped(path: Path, dtype: str, count: int | None) -> NDArray[Any]:
    try:
        values: NDArray[Any] = np.memmap(path, dtype=dtype, mode="r")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as token data ({error})") from error
    if count is not None and len(values) != count:
        raise InputError(
            f"{path}: {len(values)} values, the manifest says {count}; run the step 'tokens' again"
        )
    return values


def _describe(name: str, manifest: GroupManifest) -> str:
    tokens = sum(p.tokens - p.padding for parts in manifest.parts.values() for p in parts)
    documents = sum(p.documents for parts in manifest.parts.values() for p in parts)
    return f"{name}: {documents} documents, {tokens} tokens"


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
