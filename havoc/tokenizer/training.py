"""Training of the tokenizer and its report.

Byte-pair encoding with byte fallback, so that no text is unknown; digits apart, so that numbers
are copied digit by digit; nothing normalised and no space added, so that text round-trips. One
thread and no sampling: the same lines give the same bytes.
"""

from __future__ import annotations

import io
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sentencepiece

from havoc.errors import InputError
from havoc.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, SPACE, UNK_ID, Tokenizer

MAX_LINE_BYTES = 4000  # SentencePiece passes over longer lines
REQUIRED = string.ascii_letters + string.digits + string.punctuation + "°µ±²³×÷≤≥≠≈αβμσλχθΣ√∞∫"


def train_tokenizer(
    texts: Iterable[str],
    vocab_size: int,
    *,
    reserved: Sequence[str] = (),
    character_coverage: float = 0.9995,
    max_sentences: int = 500_000,
) -> Tokenizer:
    """Train a tokenizer.

    Parameters
    ----------
    texts
        Documents; the first ``max_sentences`` lines are used.
    vocab_size
        Pieces wanted, all included. A small corpus may give fewer.
    reserved
        Pieces that are always one token: markers (``<|user|>``), slots, pieces of the DSL. They
        match inside words too, so give them with their boundary (``"= "``, ``"stats.anova("``). The
        line break is always among them.
    character_coverage
        Share of characters of the texts that get their own piece; others are written in bytes.

    Raises
    ------
    InputError
        If there is no text, or the reserved pieces do not fit.
    """
    symbols = list(dict.fromkeys(s.replace(" ", SPACE) for s in ("\n", *reserved) if s))
    floor = 4 + 256 + len(symbols) + len(REQUIRED)
    if vocab_size < floor:
        raise InputError(f"vocab_size: {vocab_size} is too small, {floor} are reserved already")
    lines = islice(_lines(texts), max_sentences)
    first = next(lines, None)
    if first is None:
        raise InputError("no text to train a tokenizer on")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=_chain(first, lines),
        model_writer=model,
        model_type="bpe",
        vocab_size=vocab_size,
        hard_vocab_limit=False,
        byte_fallback=True,
        split_digits=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True,
        normalization_rule_name="identity",
        character_coverage=character_coverage,
        required_chars=REQUIRED,
        user_defined_symbols=symbols,
        pad_id=PAD_ID,
        unk_id=UNK_ID,
        bos_id=BOS_ID,
        eos_id=EOS_ID,
        max_sentence_length=MAX_LINE_BYTES + 100,
        num_threads=1,
        minloglevel=2,
    )
    return Tokenizer(model.getvalue())


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of documents, in stretches short enough for the trainer."""
    for text in texts:
        for line in text.replace("\0", " ").splitlines():
            if not line.strip():
                continue
            for start in range(0, len(line), MAX_LINE_BYTES // 4):
                yield line[start : start + MAX_LINE_BYTES // 4]


def fertility(tokenizer: Tokenizer, texts: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Measure how many tokens texts of each domain take.

    Returns
    -------
    dict
        For each domain: documents, characters, bytes, words, tokens, bytes_per_token,
        tokens_per_word, byte_fallback_share (tokens that are bytes of rare characters), unknown,
        round_trip.
    """
    return {domain: _measure(tokenizer, list(documents)) for domain, documents in texts.items()}


def _measure(tokenizer: Tokenizer, documents: list[str]) -> dict[str, Any]:
    encoded = [tokenizer.encode(text) for text in documents]
    tokens = sum(map(len, encoded))
    size = sum(len(text.encode()) for text in documents)
    words = sum(len(text.split()) for text in documents)
    raw = {i for i, piece in enumerate(tokenizer.pieces) if piece.startswith("<0x")}
    fallback = sum(1 for ids in encoded for i in ids if i in raw)
    return {
        "documents": len(documents),
        "characters": sum(map(len, documents)),
        "bytes": size,
        "words": words,
        "tokens": tokens,
        "bytes_per_token": size / tokens if tokens else 0.0,
        "tokens_per_word": tokens / words if words else 0.0,
        "byte_fallback_share": fallback / tokens if tokens else 0.0,
        "unknown": sum(ids.count(UNK_ID) for ids in encoded),
        "round_trip": all(
            tokenizer.decode(ids, special=True) == text
            for ids, text in zip(encoded, documents, strict=True)
        ),
    }
