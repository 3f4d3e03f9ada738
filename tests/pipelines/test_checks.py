"""Checks of steps pass on what is right and fail on what is not; a slow machine is not a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_project import ROOT

from havoc.config import load_settings
from havoc.corpus.tokens import Encoded, Group, build_tokens
from pipelines import checks, places


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVOC_CONFIGS", str(ROOT / "configs"))
    monkeypatch.chdir(tmp_path)


def tokens(folder: Path) -> None:
    documents = [Encoded(str(i), list(range(1, 60))) for i in range(8)]
    build_tokens(folder, [Group("math", "stream", documents)], seq_len=16, vocab_size=300, pad_id=0)


def curve(*losses: float) -> None:
    places.PLOTS.mkdir(parents=True, exist_ok=True)
    rows = [f"{i},{loss},100" for i, loss in enumerate(losses)]
    (places.PLOTS / "pretrain.csv").write_text("\n".join(["step,loss,tokens_per_second", *rows]))


@pytest.mark.parametrize(
    ("losses", "passed"),
    [((7.0, 5.0, 4.0), True), ((4.0, 5.0, 7.0), False), ((5.5,), True), ((5.9,), False)],
)  # ln 300 = 5.70
def test_the_loss_has_to_fall(losses: tuple[float, ...], passed: bool) -> None:
    tokens(places.TOKENS)
    curve(*losses)
    assert checks.base_loss_fell(load_settings("laptop"), {})[0] is passed


@pytest.mark.parametrize(
    ("seen", "bits", "passed"),
    [(300_000, 2.9, True), (300_000, 3.1, False), (20_000, 3.1, True), (20_000, 4.6, False)],
)
def test_the_bar_leaves_a_slow_machine_room(seen: int, bits: float, passed: bool) -> None:
    report: dict[str, Any] = {"tokens": seen, "math.bits_per_byte": bits}
    assert checks.base_under_the_bar(load_settings("laptop"), report)[0] is passed


def test_a_shard_cut_short_or_changed_is_found(tmp_path: Path) -> None:
    tokens(places.TOKENS)
    assert checks.shards_whole(load_settings("laptop"), {})[0]
    shard = next(places.TOKENS.glob("*.starts"))
    shard.write_bytes(shard.read_bytes()[:-8] + b"\1" * 8)
    passed, told = checks.shards_whole(load_settings("laptop"), {})
    assert not passed
    assert "run the step 'tokens' again" in told
