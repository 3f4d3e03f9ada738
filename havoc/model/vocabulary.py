"""A SentencePiece model as other runtimes want it: pieces, scores, kinds, merges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import sentencepiece

from havoc.errors import InputError

TOKENIZER = "tokenizer.model"


class Kind(IntEnum):
    """What a piece is; the numbers are those of SentencePiece and of GGUF."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of a SentencePiece model, by id."""

    model: bytes
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    kinds: tuple[Kind, ...]
    unk_id: int
    bos_id: int
    eos_id: int
    pad_id: int

    @classmethod
    def read(cls, folder: Path) -> Vocabulary:
        """Open ``tokenizer.model`` of a model folder."""
        path = folder / TOKENIZER
        try:
            content = path.read_bytes()
            found = sentencepiece.SentencePieceProcessor(model_proto=content)
        except OSError:
            raise InputError(
                f"no {TOKENIZER} in {folder}; a SentencePiece tokenizer is needed"
            ) from None
        except RuntimeError:
            raise InputError(f"{path}: not a SentencePiece model, or a damaged one") from None
        count = found.get_piece_size()
        return cls(
            model=content,
            pieces=tuple(found.id_to_piece(i) for i in range(count)),
            scores=tuple(found.get_score(i) for i in range(count)),
            kinds=tuple(_kinds(content)),
            unk_id=found.unk_id(),
            bos_id=found.bos_id(),
            eos_id=found.eos_id(),
            pad_id=found.pad_id(),
        )

    @cached_property
    def merges(self) -> list[tuple[str, str]]:
        """The merges of byte-pair encoding, first ones first.

        SentencePiece keeps only the merged pieces, with scores that fall in the order they were
        made; every split of a piece into two others is a way to make it.
        """
        known = {p: i for i, p in enumerate(self.pieces) if self.kinds[i] == Kind.NORMAL}
        found = []
        for piece, i in known.items():
            for cut in range(1, len(piece)):
                left, right = piece[:cut], piece[cut:]
                if left in known and right in known:
                    found.append((-self.scores[i], known[left], known[right], left, right))
        return [(left, right) for *_, left, right in sorted(found)]

    def tokenizer_json(self) -> dict[str, Any]:
        """Return ``tokenizer.json`` of the tokenizers package."""
        added = [
            {
                "id": i,
                "content": self.pieces[i].replace("\u2581", " "),
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": kind in (Kind.CONTROL, Kind.UNKNOWN),
            }
            for i, kind in enumerate(self.kinds)
            if kind in (Kind.CONTROL, Kind.UNKNOWN, Kind.USER_DEFINED)
        ]
        bos = self.pieces[self.bos_id]
        start = {"SpecialToken": {"id": bos, "type_id": 0}}
        first, second = ({"Sequence": {"id": s, "type_id": 0}} for s in "AB")
        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
            "pre_tokenizer": None,
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [start, first],
                "pair": [start, first, second],
                "special_tokens": {bos: {"id": bos, "ids": [self.bos_id], "tokens": [bos]}},
            },
            "decoder": {
                "type": "Sequence",
                "decoders": [
                    {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                    {"type": "ByteFallback"},
                    {"type": "Fuse"},
                ],
            },
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": self.pieces[self.unk_id],
                "continuing_subword_prefix": None,
                "end_of_word_suffix": None,
                "fuse_unk": True,
                "byte_fallback": True,
                "ignore_merges": False,
                "vocab": {piece: i for i, piece in enumerate(self.pieces)},
                "merges": [list(pair) for pair in self.merges],
            },
        }


def _kinds(model: bytes) -> list[Kind]:
    """Read the kinds of the pieces, which SentencePiece's Python interface does not tell.

    A SentencePiece model is a protocol buffer: field 1, repeated, is a piece, of which field 3 is
    the kind (sentencepiece_model.proto); NORMAL where it is left out.
    """
    kinds = []
    for number, piece in _fields(model):
        if number == 1 and isinstance(piece, bytes):
            kind = next((v for n, v in _fields(piece) if n == 3), Kind.NORMAL)
            kinds.append(Kind(int(kind)))
    return kinds


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of each field; numbers as such, all else as bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        size = {1: 8, 5: 4}.get(wire)
        if size is None:
            size, at = _varint(message, at)
        yield number, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
