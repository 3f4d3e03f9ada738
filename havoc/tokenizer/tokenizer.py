"""The tokenizer: SentencePiece pieces, seen as bytes.

What the wrapper adds to SentencePiece: every text round-trips (byte fallback, and U+2581, which
SentencePiece uses for the space, goes in as bytes), markers such as ``<|user|>`` are recognised
only where the caller allows them, and decoding works on bytes, so that a stream never splits a
character.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import sentencepiece

from havoc.errors import InputError

MODEL_FILE = "tokenizer.model"
SPACE = "\u2581"
MARKER = re.compile(r"<\|[a-z0-9_]+\|>")
BRACKETED = re.compile(r"<[^<>\s]+>")
PAD_ID, UNK_ID, BOS_ID, EOS_ID = 0, 1, 2, 3


class Tokenizer:
    """Texts to token ids and back.

    Parameters
    ----------
    model
        Bytes of a SentencePiece model.
    """

    def __init__(self, model: bytes) -> None:
        self.model = model
        try:
            self._pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
        except RuntimeError:
            raise InputError("not a SentencePiece model, or a damaged one") from None

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """Open ``tokenizer.model``, or the folder that holds it."""
        file = Path(path)
        if file.is_dir():
            file = file / MODEL_FILE
        try:
            return cls(file.read_bytes())
        except OSError:
            raise InputError(f"no tokenizer at {file}") from None
        except InputError as error:
            raise InputError(f"{file}: {error}") from None

    @property
    def vocab_size(self) -> int:
        """Number of pieces."""
        return self._pieces.vocab_size()

    @property
    def pad_id(self) -> int:
        """Padding. Models without the piece pad with the end token."""
        found = self._pieces.pad_id()
        return found if found >= 0 else self.eos_id

    @property
    def bos_id(self) -> int:
        """Start of a document."""
        return self._pieces.bos_id()

    @property
    def eos_id(self) -> int:
        """End of a document or answer."""
        return self._pieces.eos_id()

    @cached_property
    def sha256(self) -> str:
        """Hash of the model, which names the vocabulary a checkpoint was trained with."""
        return hashlib.sha256(self.model).hexdigest()

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The pieces as SentencePiece writes them, by id."""
        return tuple(self._pieces.id_to_piece(i) for i in range(self.vocab_size))

    @property
    def reserved_ids(self) -> list[int]:
        """Ids of the reserved pieces, all that a program is made of; pieces of bytes are none."""
        return [
            i
            for i, p in enumerate(self.pieces)
            if p.startswith("<") and p.endswith(">") and not p.startswith("<0x")
        ]

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """The bytes each token stands for, by id; control tokens stand for none."""
        made = []
        for i, piece in enumerate(self.pieces):
            if self._pieces.is_control(i) or self._pieces.is_unknown(i):
                made.append(b"")
            elif self._pieces.is_byte(i):
                made.append(bytes([int(piece[3:5], 16)]))
            else:
                made.append(piece.replace(SPACE, " ").encode())
        return tuple(made)

    @cached_property
    def markers(self) -> dict[str, int]:
        """The reserved markers, such as ``<|user|>``, with their ids."""
        return {piece: i for i, piece in enumerate(self.pieces) if MARKER.fullmatch(piece)}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """Every reserved piece in angle brackets: markers, slots, tokens of programs."""
        return frozenset(
            piece
            for i, piece in enumerate(self.pieces)
            if BRACKETED.fullmatch(piece) and self.token_bytes[i] == piece.encode()
        )

    @cached_property
    def special_ids(self) -> frozenset[int]:
        """Control tokens and markers: never part of what a reader sees."""
        silent = {
            i
            for i in range(self.vocab_size)
            if self._pieces.is_control(i) or self._pieces.is_unknown(i)
        }
        return frozenset(silent | set(self.markers.values()))

    def id_of(self, piece: str) -> int:
        """Return the id of one reserved piece; refuse a text that is not one piece."""
        written = piece.replace(" ", SPACE)
        found = self._pieces.piece_to_id(written)
        if self.pieces[found] != written:
            raise InputError(f"'{piece}' is not one piece of this tokenizer")
        return found

    def encode(
        self, text: str, *, bos: bool = False, eos: bool = False, markers: bool = False
    ) -> list[int]:
        """Return the ids of a text.

        Parameters
        ----------
        text
            Any text.
        bos, eos
            Put the start or end token around it.
        markers
            Read ``<|user|>``, ``<op:stats.anova>`` and the like as reserved tokens. Never for
            text a user wrote.
        """
        ids = [self.bos_id] if bos else []
        for part in self._parts(text, markers):
            if part == SPACE:
                ids += [self._pieces.piece_to_id(f"<0x{b:02X}>") for b in part.encode()]
            else:
                ids += self._pieces.encode(part)
        if eos:
            ids.append(self.eos_id)
        return ids

    def _parts(self, text: str, markers: bool) -> Iterable[str]:
        """Split a text so that the pieces between read as meant."""
        clean = text.encode("utf-8", "replace").decode()
        start = 0
        if not markers:  # cut after its first character, a marker is text like any other
            for match in BRACKETED.finditer(clean):
                if match[0] in self.reserved:
                    yield from _around(clean[start : match.start() + 1], SPACE)
                    start = match.start() + 1
        yield from _around(clean[start:], SPACE)

    def decode(self, ids: Sequence[int], *, special: bool = False) -> str:
        """Return the text of token ids; with ``special``, markers are written out."""
        return self.to_bytes(ids, special=special).decode("utf-8", "replace")

    def to_bytes(self, ids: Iterable[int], *, special: bool = False) -> bytes:
        """Return the bytes of token ids."""
        return b"".join(self.token_bytes[i] for i in ids if special or i not in self.special_ids)

    def save(self, folder: Path) -> Path:
        """Write ``tokenizer.model`` into a folder, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / MODEL_FILE
        draft = target.with_suffix(".model.tmp")
        draft.write_bytes(self.model)
        draft.replace(target)
        return target


def _around(text: str, separator: str) -> Iterable[str]:
    """Yield the stretches between separators, and the separators."""
    for i, stretch in enumerate(text.split(separator)):
        if i:
            yield separator
        if stretch:
            yield stretch


class TextStream:
    """Turns tokens that come one by one into text, whole characters at a time."""

    def __init__(self, tokenizer: Tokenizer, *, special: bool = False) -> None:
        self._tokenizer, self._special = tokenizer, special
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, *ids: int) -> str:
        """Take tokens; return the characters they complete, perhaps none."""
        return self._decoder.decode(self._tokenizer.to_bytes(ids, special=self._special))

    def finish(self) -> str:
        """Return what is left, a broken character as U+FFFD."""
        return self._decoder.decode(b"", final=True)
