"""Rows in memory: packing, masking at document borders, resuming."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError
from havoc.tokenizer.tokenizer import UNK_ID
from havoc.training import RowLoader, pack_rows
from havoc.training.data import Batch, hide_tokens


@given(st.lists(st.integers(1, 25), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_packing_keeps_every_token_once_with_its_weight(lengths: list[int]) -> None:
    documents = [
        (list(range(100 * i, 100 * i + n)), [float(i + 1)] * n) for i, n in enumerate(lengths)
    ]
    tokens, weights, segments = pack_rows(documents, 11, pad_id=-7)
    real = segments >= 0
    assert sorted(tokens[real]) == sorted(t for d, _ in documents for t in d)
    assert (weights[real] == tokens[real] // 100 + 1).all()
    assert (tokens[~real] == -7).all()
    assert (weights[~real] == 0).all()


def test_documents_that_fit_are_not_split_and_fill_rows() -> None:
    documents = [([i] * n, [1.0] * n) for i, n in enumerate([8, 4, 6, 6, 3, 9])]
    tokens, _, segments = pack_rows(documents, 11, pad_id=-1)
    assert tokens.shape == (3, 12)
    assert (segments >= 0).all()
    for i, n in enumerate([8, 4, 6, 6, 3, 9]):
        assert sum((row == i).any() for row in tokens) == 1
        assert (tokens == i).sum() == n


def test_the_first_token_of_a_document_is_not_a_target_of_the_one_before() -> None:
    tokens = np.array([[1, 2, 3, 4, 5]])
    segments = np.array([[0, 0, 1, 1, 1]])
    batch = RowLoader(tokens, 1, segments=segments).next_batch()
    assert batch.tokens.tolist() == [[1, 2, 3, 4]]
    assert batch.targets.tolist() == [[2, 3, 4, 5]]
    assert batch.weights.tolist() == [[1.0, 0.0, 1.0, 1.0]]


def test_an_epoch_shows_every_row_once_and_epochs_differ() -> None:
    loader = RowLoader(np.arange(24).reshape(8, 3), 2, seed=5)
    epochs = [
        [row[0] for _ in range(4) for row in loader.next_batch().tokens.tolist()] for _ in range(2)
    ]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(0, 24, 3))
    assert epochs[0] != epochs[1]


def test_a_loader_continues_where_another_stood() -> None:
    first, second = (RowLoader(np.arange(33).reshape(11, 3), 2, seed=5) for _ in range(2))
    for _ in range(7):
        first.next_batch()
    second.load_state_dict(first.state_dict())
    for _ in range(9):
        assert first.next_batch().tokens.tolist() == second.next_batch().tokens.tolist()


def test_other_data_or_order_has_another_fingerprint() -> None:
    data = np.arange(33).reshape(11, 3)
    prints = {
        RowLoader(d, b, seed=s).fingerprint
        for d, b, s in [(data, 2, 0), (data + 1, 2, 0), (data, 3, 0), (data, 2, 1)]
    }
    assert len(prints) == 4
    with pytest.raises(InputError, match="batch_size"):
        RowLoader(data, 12)


def test_tokens_are_hidden_where_nothing_is_learnt_and_reserved_ones_never() -> None:
    torch.manual_seed(3)
    tokens = torch.randint(10, 60, (400, 50))
    weights = (torch.arange(50) >= 40).float().expand(400, 50)
    reserved = torch.arange(10, 20)
    batch = hide_tokens(Batch(tokens, tokens, weights), 0.1, reserved)
    hidden = batch.tokens == UNK_ID
    free = (weights == 0) & ~torch.isin(tokens, reserved)
    assert not hidden[~free].any()
    assert torch.equal(batch.tokens[~hidden], tokens[~hidden])
    assert torch.equal(batch.targets, tokens)
    shares = (hidden & free).sum(1) / free.sum(1)
    assert 0.09 < shares.mean() < 0.11
    assert shares.min() < 0.01  # some rows are seen whole
    assert shares.max() > 0.16
