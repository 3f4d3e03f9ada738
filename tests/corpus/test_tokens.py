"""Token shards: nothing lost, no document mixed with another, the mixture exact, resuming exact."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.corpus.loader import MixtureLoader, batches_once
from havoc.corpus.packing import pack
from havoc.corpus.tokens import Encoded, Group, TokenSet, build_tokens, split_of
from havoc.errors import InputError

BOS, EOS, PAD = 2, 3, 0


def _stream(name: str, count: int, length: int, first: int = 10) -> Group:
    """Documents whose tokens are numbered on, so that each token says where it is from."""
    documents = []
    for d in range(count):
        ids = [BOS, *range(first + d * length, first + (d + 1) * length), EOS]
        documents.append(Encoded(f"{name}{d}", ids, bytes=3 * length))
    return Group(name, "stream", documents, validation_share=0.0)


def _build(folder: Path, *groups: Group, seq_len: int = 16, **options: object) -> TokenSet:
    build_tokens(folder, groups, seq_len=seq_len, vocab_size=5000, pad_id=PAD, **options)  # type: ignore[arg-type]
    return TokenSet(folder)


@given(st.lists(st.integers(1, 40), max_size=120), st.integers(40, 64))
@settings(max_examples=60, deadline=None)
def test_packing_holds_each_sequence_once_and_never_overfills(
    lengths: list[int], capacity: int
) -> None:
    rows = pack(lengths, capacity)
    assert sorted(i for row in rows for i in row) == list(range(len(lengths)))
    assert all(sum(lengths[i] for i in row) <= capacity for row in rows)
    least = -(-sum(lengths) // capacity)
    assert len(rows) <= 11 * least / 9 + 1 + least * 0.5


def test_packing_of_pairs_wastes_under_one_percent() -> None:
    lengths = np.random.default_rng(1).gamma(4.0, 25.0, 20_000).astype(int).clip(8, 257).tolist()
    rows = pack(lengths, 257)
    assert sum(lengths) / (len(rows) * 257) > 0.99


def test_every_token_of_a_stream_is_an_input_once_an_epoch(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 9, 30))
    inputs = [t for b in batches_once(tokens, "a", "train", 4) for t in b.tokens.ravel().tolist()]
    everything = [t for d in _stream("a", 9, 30).documents for t in d.ids]
    assert inputs == everything[: len(inputs)]
    assert len(everything) - len(inputs) <= 16


def test_targets_are_the_next_token_and_stop_at_a_document_end(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 9, 30))
    for batch in batches_once(tokens, "a", "train", 64):
        assert (batch.targets[:, :-1] == batch.tokens[:, 1:]).all()
        assert (batch.weights == (batch.targets != BOS)).all()
        starts = batch.tokens == BOS
        assert (batch.positions[starts] == 0).all()
        assert (np.diff(batch.segments, axis=1) == starts[:, 1:]).all()
        inside = ~starts[:, 1:]
        assert (np.diff(batch.positions, axis=1)[inside] == 1).all()


def test_pairs_keep_their_loss_weights_and_are_never_cut(tmp_path: Path) -> None:
    pairs = []
    for k in range(200):
        length = 4 + k % 9
        ids = [BOS, *[100 + k] * (length - 2), EOS]
        weights = [0.0] * (length // 2) + [1.0] * (length - length // 2)
        pairs.append(Encoded(f"p{k}", ids, weights))
    pairs.append(Encoded("long", list(range(100)), None))
    tokens = _build(tmp_path / "t", Group("pairs", "packed", pairs, validation_share=0.0))
    assert tokens.manifest["groups"]["pairs"]["too_long"] == 1
    learnt: Counter[int] = Counter()
    for batch in batches_once(tokens, "pairs", "train", 8):
        row_tokens = np.concatenate([batch.tokens, batch.targets[:, -1:]], axis=1)
        for row in row_tokens:
            for value in set(row[row >= 100].tolist()):
                assert (row == value).sum() == 2 + (value - 100) % 9
        assert (batch.weights[batch.targets == PAD] == 0).all()
        learnt.update(batch.targets[batch.weights > 0].tolist())
    assert learnt[EOS] == 200
    for k in range(200):
        length = 4 + k % 9
        assert learnt[100 + k] == length - length // 2 - 1


def _pairs(name: str, lengths: list[int], block: int | None) -> Group:
    documents = [
        Encoded(f"{name}{i}", [100 * (i % 48) + k + 1 for k in range(n)], [0.0] + [1.0] * (n - 1))
        for i, n in enumerate(lengths)
    ]
    return Group(name, "packed", documents, 0.0, block)


@given(st.lists(st.integers(1, 8), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_blocks_hold_whole_sequences_and_lose_no_target(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int]
) -> None:
    tokens = _build(tmp_path_factory.mktemp("t") / "t", _pairs("a", lengths, 8), seq_len=24)
    assert tokens.block("a") == 8
    told: Counter[tuple[int, int]] = Counter()
    for batch in batches_once(tokens, "a", "train", 2):
        assert batch.tokens.shape[1] == 8
        for row in range(len(batch.tokens)):
            for at in np.flatnonzero(batch.weights[row]):
                told[int(batch.tokens[row, at]), int(batch.targets[row, at])] += 1
                # what leads to a target stands in its row, from the sequence's first token
                start = at - batch.positions[row, at]
                assert batch.tokens[row, start] % 100 == 1
                assert len(set(batch.segments[row, start : at + 1])) == 1
    wanted = {(100 * i + k, 100 * i + k + 1) for i, n in enumerate(lengths) for k in range(1, n)}
    assert told == Counter(wanted)


def test_a_batch_is_of_one_length_and_groups_keep_their_shares(tmp_path: Path) -> None:
    short, long = _pairs("short", [3, 4] * 30, 8), _pairs("long", [15] * 9, None)
    tokens = _build(tmp_path / "t", short, long, seq_len=24)
    loader = MixtureLoader(tokens, {"short": 3.0, "long": 1.0}, batch_size=2)
    shapes = Counter(loader.next_batch().tokens.shape for _ in range(40))
    assert shapes == {(6, 8): 30, (2, 24): 10}
    again = MixtureLoader(tokens, {"short": 3.0, "long": 1.0}, batch_size=2)
    again.load_state_dict(loader.state_dict())
    assert (again.next_batch().tokens == loader.next_batch().tokens).all()


def test_a_sequence_longer_than_its_block_is_left_out_and_counted(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _pairs("a", [8, 9, 5], 8), seq_len=16)
    assert tokens.manifest["groups"]["a"]["too_long"] == 1
    with pytest.raises(ValueError, match="block 7 of packed rows of 16"):
        _build(tmp_path / "u", _pairs("a", [3], 7), seq_len=16)


def test_weights_of_every_size_survive_storage(tmp_path: Path) -> None:
    pair = Encoded("p", [BOS, 5, 6, EOS], [0.0, 0.25, 1.0, 2.0])
    tokens = _build(tmp_path / "t", Group("pairs", "packed", [pair], validation_share=0.0))
    row = tokens.row("pairs", "train", 0)
    assert row.weights[:3].tolist() == [0.25, 1.0, 2.0]


@pytest.mark.parametrize(
    "weights",
    [{"a": 1, "b": 1, "c": 1}, {"a": 0.7, "b": 0.25, "c": 0.05}, {"a": 5, "b": 3, "c": 3}],
)
def test_the_mixture_is_within_one_row_of_its_shares_at_every_moment(
    tmp_path: Path, weights: dict[str, float]
) -> None:
    groups = [_stream("a", 5, 40, 10), _stream("b", 3, 40, 1000), _stream("c", 2, 40, 2000)]
    tokens = _build(tmp_path / "t", *groups)
    loader = MixtureLoader(tokens, weights, batch_size=1, seed=3)
    total = sum(weights.values())
    taken: Counter[str] = Counter()
    for n in range(1, 400):
        batch = loader.next_batch()
        real = batch.tokens[batch.tokens >= 10]
        taken["a" if real.max() < 1000 else "b" if real.max() < 2000 else "c"] += 1
        for name, weight in weights.items():
            assert abs(taken[name] - n * weight / total) < 1


def test_each_epoch_gives_every_row_once_in_another_order(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 20, 50))
    loader = MixtureLoader(tokens, {"a": 1}, batch_size=1, seed=5)
    rows = tokens.rows("a")
    epochs = [[loader.next_batch().tokens[0].tobytes() for _ in range(rows)] for _ in range(2)]
    assert len(set(epochs[0])) == rows
    assert set(epochs[0]) == set(epochs[1])
    assert epochs[0] != epochs[1]
    assert loader.epochs == {"a": 2.0}


def test_a_resumed_loader_goes_on_with_the_same_tokens(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 9, 30), _stream("b", 4, 30, 1000))
    whole = MixtureLoader(tokens, {"a": 2, "b": 1}, batch_size=3, seed=1)
    expected = [whole.next_batch() for _ in range(20)]
    first = MixtureLoader(tokens, {"a": 2, "b": 1}, batch_size=3, seed=1)
    for _ in range(7):
        first.next_batch()
    second = MixtureLoader(TokenSet(tmp_path / "t"), {"b": 1, "a": 2}, batch_size=3, seed=1)
    second.load_state_dict(first.state_dict())
    for batch in expected[7:]:
        got = second.next_batch()
        for name in ("tokens", "targets", "weights", "segments", "positions"):
            assert (getattr(got, name) == getattr(batch, name)).all()


def test_processes_share_out_the_rows_that_one_process_would_take(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 20, 50))
    one = MixtureLoader(tokens, {"a": 1}, batch_size=4, seed=1)
    two = [
        MixtureLoader(tokens, {"a": 1}, batch_size=2, seed=1, rank=r, world_size=2) for r in (0, 1)
    ]
    for _ in range(5):
        joined = np.concatenate([loader.next_batch().tokens for loader in two])
        assert (one.next_batch().tokens == joined).all()


@pytest.mark.parametrize("change", ["fingerprint", "seed", "shares"])
def test_resuming_on_other_data_is_refused(tmp_path: Path, change: str) -> None:
    tokens = _build(tmp_path / "t", _stream("a", 9, 30))
    loader = MixtureLoader(tokens, {"a": 1}, batch_size=1)
    state = loader.state_dict()
    state[change] = "other"
    with pytest.raises(InputError, match=f"the checkpoint's {change} is 'other'"):
        loader.load_state_dict(state)


def test_the_split_follows_the_document_and_its_share() -> None:
    keys = [f"document {n}" for n in range(20_000)]
    held = [k for k in keys if split_of(k, 0.02) == "validation"]
    assert abs(len(held) - 400) < 4 * (400 * 0.98) ** 0.5
    assert all(split_of(k, 0.05) == "validation" for k in held)
    assert not any(split_of(k, 0.0) == "validation" for k in keys)


def test_shards_are_cut_at_their_size_and_rows_number_across_them(tmp_path: Path) -> None:
    many = _build(tmp_path / "many", _stream("a", 40, 30), shard_tokens=200)
    parts = many.manifest["groups"]["a"]["parts"]["train"]
    assert len(parts) > 4
    assert many.rows("a") == sum(p["rows"] for p in parts)
    last = many.row("a", "train", many.rows("a") - 1)
    assert last.tokens.shape == (16,)
    again = _build(tmp_path / "again", _stream("a", 40, 30), shard_tokens=200)
    assert again.fingerprint == many.fingerprint
    many.verify()


def test_a_large_vocabulary_takes_four_bytes_a_token(tmp_path: Path) -> None:
    group = Group("a", "stream", [Encoded("k", [69_999] * 40)], validation_share=0.0)
    build_tokens(tmp_path / "t", [group], seq_len=16, vocab_size=70_000, pad_id=0)
    tokens = TokenSet(tmp_path / "t")
    assert tokens.manifest["dtype"] == "<u4"
    assert tokens.row("a", "train", 0).tokens.max() == 69_999


def test_missing_and_damaged_shards_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run the step 'tokens' first"):
        TokenSet(tmp_path)
    tokens = _build(tmp_path / "t", _stream("a", 9, 30))
    path = tmp_path / "t" / "a-train-00000.tokens"
    raw = path.read_bytes()
    path.write_bytes(raw[:-4])
    with pytest.raises(InputError, match="the manifest says"):
        TokenSet(tmp_path / "t")
    path.write_bytes(b"\x01" + raw[1:])
    with pytest.raises(InputError, match="damaged"):
        tokens.verify()


def test_an_unknown_group_is_named_with_the_nearest(tmp_path: Path) -> None:
    tokens = _build(tmp_path / "t", _stream("stats", 9, 30))
    with pytest.raises(InputError, match="did you mean 'stats'"):
        MixtureLoader(tokens, {"stat": 1}, batch_size=1)


def test_padding_and_sizes_are_reported(tmp_path: Path) -> None:
    pairs = [Encoded(f"p{k}", [BOS, 5, EOS], bytes=4) for k in range(11)]
    group = Group("pairs", "packed", pairs, validation_share=0.0)
    figures = build_tokens(tmp_path / "t", [group], seq_len=16, vocab_size=99, pad_id=PAD)
    train = figures["groups"]["pairs"]["train"]
    # Five triples fill 15 of 17 places, twice; the last row holds one.
    assert train == {
        "documents": 11,
        "tokens": 33,
        "rows": 3,
        "bytes": 44,
        "padding_share": round(1 - 33 / 51, 4),
    }
