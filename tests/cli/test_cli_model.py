"""Commands that need a model: on a tiny untrained one, whose words nobody should trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_model import SHAPE, TEXTS, make_model, make_tokenizer

from havoc import cli
from havoc.corpus.tokens import Group, build_tokens, encode_text
from havoc.model import load_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


def havoc(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_a_batch_gives_one_object_a_line_whatever_becomes_of_it(capsys, tmp_path, folder):
    (tmp_path / "w.csv").write_text("g\n1\n2\n4\n")
    lines = [
        json.dumps({"id": "A", "request": "mean of g?", "data": "w.csv"}),
        "",
        "this is no JSON",
        json.dumps({"id": "C", "request": "mean?", "data": "missing.csv"}),
        json.dumps({"id": "D"}),
        json.dumps({"id": "E", "request": ""}),
    ]
    (tmp_path / "requests.jsonl").write_text("\n".join(lines))
    batch = str(tmp_path / "requests.jsonl")
    status, out, _ = havoc(capsys, "ask", "--batch", batch, "--model", str(folder))
    objects = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [o["id"] for o in objects] == ["A", 3, "C", "D", "E"]
    assert [o["status"] for o in objects[1:]] == ["refused"] * 4
    assert objects[0]["status"] in ("answered", "needs_clarification", "refused", "failed")
    assert all({"answer", "program", "results", "audit"} <= set(o) for o in objects)


def test_one_request_gives_one_object_and_the_status_that_goes_with_it(capsys, folder):
    status, out, err = havoc(capsys, "a request in words", "--json", "--model", str(folder))
    document = json.loads(out)
    expected = {"answered": 0, "needs_clarification": 3, "refused": 2, "failed": 1}
    assert status == expected[document["status"]]
    assert err.count("\n") == (status != 0)


def test_generation_is_the_same_for_the_same_seed(capsys, folder):
    options = ["--model", str(folder), "--max-new-tokens", "5", "--seed", "3"]
    first = havoc(capsys, "generate", "the mean", *options)
    assert first == havoc(capsys, "generate", "the mean", *options)
    assert first[0] == 0


def test_training_writes_a_model_that_loads(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HAVOC_TRACKING", "off")
    tokenizer = make_tokenizer()
    tokenizer.save(tmp_path / "tokenizer")
    texts = [f"{text} {i}" for i in range(200) for text in TEXTS]
    build_tokens(
        tmp_path / "tokens",
        [Group("general", "stream", (encode_text(t, tokenizer) for t in texts))],
        vocab_size=tokenizer.vocab_size,
        pad_id=tokenizer.pad_id,
        seq_len=32,
        validation_share=0.1,
        tokenizer=tokenizer.sha256,
    )
    shape = [f"--model.{key}={value}" for key, value in SHAPE.items()]
    status, out, err = havoc(
        capsys, "train", "--tokens", str(tmp_path / "tokens"),
        "--tokenizer", str(tmp_path / "tokenizer"), "--output", str(tmp_path / "run"),
        "--training.max_steps=2", "--training.seq_len=32", "--training.num_threads=1", *shape,
    )  # fmt: skip
    assert status == 0, err
    assert "after 2 steps" in out
    assert load_model(tmp_path / "run" / "model").config.d_model == 16


def test_scoring_says_how_many_requests_are_right(capsys, tmp_path, folder):
    record = {"id": "T", "request": "mean of 1 2 4?", "kind": "test", "expected": {"mean": 7 / 3}}
    path = tmp_path / "few.jsonl"
    path.write_text(json.dumps({**record, "tol": 0.001, "data": None}))
    status, out, _ = havoc(capsys, "eval", str(path), "--json", "--model", str(folder))
    assert status == 0
    assert json.loads(out)["requests"]["few"]["requests"] == 1
