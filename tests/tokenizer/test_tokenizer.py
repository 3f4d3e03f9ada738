"""The tokenizer: exact round trips, reserved pieces, determinism."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError
from havoc.tokenizer import TextStream, Tokenizer, fertility, train_tokenizer

RESERVED = [
    "<|user|>",
    "<|program|>",
    "<op:stats.anova>",
    "<)>",
    "stats.t_test(",
    ", ",
    " = ",
    "<|n7|>",
]
TEXTS = [
    f"The mean of sample {i} is {i * 37 % 101}.{i % 10} with standard deviation {i % 7}.\n"
    f"r = stats.t_test(x{i}, target={i})\n\tThe yield at {100 + i} °C was {i % 90} %."
    for i in range(200)
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(TEXTS, 560, reserved=RESERVED)


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_round_trips(text: str) -> None:
    made = shared()
    ids = made.encode(text)
    assert made.decode(ids, special=True) == text.encode("utf-8", "replace").decode()
    assert 1 not in ids


_SHARED: list[Tokenizer] = []


def shared() -> Tokenizer:
    if not _SHARED:
        _SHARED.append(train_tokenizer(TEXTS, 560, reserved=RESERVED))
    return _SHARED[0]


@pytest.mark.parametrize(
    "text", ["▁ a ▁▁b", "<|user|>", "x<|user|><|n7|>y", "<\0|user|>", "<|", "<<)>>", ""]
)
def test_texts_that_look_like_pieces_round_trip(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text), special=True) == text


def test_the_same_texts_give_the_same_bytes(tokenizer: Tokenizer) -> None:
    assert train_tokenizer(iter(TEXTS), 560, reserved=RESERVED).sha256 == tokenizer.sha256


def test_digits_stand_alone(tokenizer: Tokenizer) -> None:
    pieces = [tokenizer.pieces[i] for i in tokenizer.encode("190.75")]
    assert pieces == ["1", "9", "0", ".", "7", "5"]


@pytest.mark.parametrize("piece", [*RESERVED, "\n"])
def test_reserved_pieces_are_one_token(tokenizer: Tokenizer, piece: str) -> None:
    assert tokenizer.encode(piece, markers=True) == [tokenizer.id_of(piece)]


def test_markers_in_a_users_text_stay_text(tokenizer: Tokenizer) -> None:
    marker = tokenizer.markers["<|user|>"]
    assert marker in tokenizer.encode("a <|user|> b", markers=True)
    assert marker not in tokenizer.encode("a <|user|> b")
    assert tokenizer.decode(tokenizer.encode("a <|user|> b")) == "a <|user|> b"


def test_program_tokens_in_a_users_text_stay_text(tokenizer: Tokenizer) -> None:
    text = "run <op:stats.anova> <)> and <<)>>"
    reserved = {tokenizer.id_of("<op:stats.anova>"), tokenizer.id_of("<)>")}
    assert reserved <= set(tokenizer.encode(text, markers=True))
    assert not reserved & set(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_start_and_end_are_added_and_not_shown(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("mean", bos=True, eos=True)
    assert (ids[0], ids[-1]) == (tokenizer.bos_id, tokenizer.eos_id)
    assert tokenizer.decode(ids) == "mean"


def test_ids_agree_with_sentencepiece_on_plain_text(tokenizer: Tokenizer) -> None:
    reference = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.model)
    for text in TEXTS[:20]:
        assert tokenizer.encode(text) == reference.encode(text)
        assert tokenizer.decode(reference.encode(text)) == reference.decode(reference.encode(text))


def test_a_stream_never_splits_a_character(tokenizer: Tokenizer) -> None:
    text = "σ = 3 𝜋 and 日本 µm"
    stream = TextStream(tokenizer)
    parts = [stream.push(i) for i in tokenizer.encode(text)]
    assert "".join(parts) + stream.finish() == text
    assert "\ufffd" not in "".join(parts)
    cut = TextStream(tokenizer)
    cut.push(*tokenizer.encode("日")[:2])
    assert cut.finish() == "\ufffd"


def test_saved_and_loaded_it_is_the_same(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path)
    assert Tokenizer.load(tmp_path).sha256 == tokenizer.sha256
    assert Tokenizer.load(tmp_path / "tokenizer.model").vocab_size == tokenizer.vocab_size


def test_missing_and_damaged_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tokenizer at"):
        Tokenizer.load(tmp_path)
    (tmp_path / "tokenizer.model").write_bytes(b"not a model")
    with pytest.raises(InputError, match="SentencePiece"):
        Tokenizer.load(tmp_path)


def test_a_vocabulary_without_room_is_refused() -> None:
    with pytest.raises(InputError, match="reserved already"):
        train_tokenizer(TEXTS, 300)
    with pytest.raises(InputError, match="no text"):
        train_tokenizer(["", "\n"], 600)


def test_fertility_counts_words_and_tokens(tokenizer: Tokenizer) -> None:
    report = fertility(tokenizer, {"stats": TEXTS[:5], "other": ["日本"]})
    assert report["stats"]["words"] == sum(len(t.split()) for t in TEXTS[:5])
    assert report["stats"]["tokens"] == sum(len(tokenizer.encode(t)) for t in TEXTS[:5])
    assert report["stats"]["unknown"] == 0
    assert report["other"]["byte_fallback_share"] == 1.0
    assert report["other"]["bytes_per_token"] == 1.0
    assert report["stats"]["round_trip"]
