"""The checks of each step: what must be true of its result before anything is made from it.

A check plants a fault where it can and sees it caught, so that it can fail. All block: under ``dvc repro`` the step
fails, under Dagster they are its blocking asset checks. Those of ``evaluate`` block the packaging instead: a model
that is worse is still rightly evaluated.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import random
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError
from pipelines import places

Report = Mapping[str, Any]
FAIL_THE_NEXT = frozenset({"evaluate"})
WORDS_IN_A_ROW = 13  # what may not be shared with an evaluation request
RECALL_BAR = 0.5  # of titles among the first five passages; measured: 0.79 by words alone
FEW_TOKENS = 200_000  # a run that saw fewer ran out of time, not of quality
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
# Symbols, bytes of rare characters, layout, digits: what a tokenizer loses first.
HARD_TEXT = "β₀ = 1.25e-3 µm ± 0.5 °C\n\t∫₀^∞ e^(−λt) dt,  x̄ 😀 naïve 你好   (a,b]\r\n"


@dataclass(frozen=True)
class Outcome:
    """What became of one check."""

    name: str
    passed: bool
    detail: str


Check = Callable[[Settings, Report], tuple[bool, str]]


def planted_near_duplicate(settings: Settings, report: Report) -> tuple[bool, str]:
    """A copy of a document with one word changed, put among the text, is removed as a near duplicate."""
    text = _a_long_text()
    words = text.split(" ")
    words[len(words) // 2] = "planted"
    removed = _clean_planted(settings, [text, " ".join(words)], [])["removed"]
    count = removed["near duplicate"]["documents"]
    return count == 1, f"{count} of 1 planted copy removed"


def planted_contamination(settings: Settings, report: Report) -> tuple[bool, str]:
    """A document that quotes an evaluation request, put among the text, is removed."""
    request = max(_requests(), key=len)
    quoted = f"{_a_long_text()}\n\n{request}\n"
    removed = _clean_planted(settings, [_a_long_text(), quoted], places.request_files())["removed"]
    count = removed["contaminated"]["documents"]
    return count == 1, f"{count} of 1 planted quotation removed"


def no_contamination(settings: Settings, report: Report) -> tuple[bool, str]:
    """No document kept shares 13 words in a row with an evaluation request (counted apart from the filter)."""
    from havoc.corpus.build import read_corpus

    forbidden = {run for text in _requests() for run in _runs(text)}
    bad = [d.id for d in read_corpus(places.CORPUS) if not forbidden.isdisjoint(_runs(d.text))]
    return not bad, f"{len(bad)} documents share text with a request" + _first(bad)


def round_trip(settings: Settings, report: Report) -> tuple[bool, str]:
    """Every sampled text, and a hard one, comes back from its tokens as it was, without an unknown token."""
    from havoc.tokenizer.tokenizer import Tokenizer

    trained = Tokenizer.load(places.TOKENIZER)
    hard = trained.decode(trained.encode(HARD_TEXT), special=True) == HARD_TEXT
    lossy = [d for d, f in report["fertility"].items() if not f["round_trip"] or f["unknown"]]
    lossy += [] if hard else ["the hard text"]
    return not lossy, f"lossy: {', '.join(lossy) or 'none'}"


def shards_whole(settings: Settings, report: Report) -> tuple[bool, str]:
    """Every shard of the corpus has the SHA-256 that its manifest says, and there is text to learn from."""
    return _whole(places.TOKENS)


def pair_shards_whole(settings: Settings, report: Report) -> tuple[bool, str]:
    """Every shard of pairs has the SHA-256 that its manifest says, and there are rows to learn from."""
    return _whole(places.PAIR_TOKENS)


def base_loss_fell(settings: Settings, report: Report) -> tuple[bool, str]:
    """The mean loss of the last tenth of pretraining is below that of the first."""
    return _fell("pretrain")


def base_under_the_bar(settings: Settings, report: Report) -> tuple[bool, str]:
    """Bits per byte on validation text, mean of the domains, is under the profile's ``bits_per_byte_bar``.

    A slow machine reads little in the time it is given, and its model is rightly worse: half as much again is allowed.
    """
    figures = [v for k, v in report.items() if k.endswith(".bits_per_byte")]
    mean = sum(figures) / len(figures) if figures else float("inf")
    slow = report.get("tokens", 0) < FEW_TOKENS
    bar = settings.pipeline.bits_per_byte_bar * (1.5 if slow else 1.0)
    return mean < bar, f"{mean:.3f} bits a byte, the bar is {bar:g}"


def planner_loss_fell(settings: Settings, report: Report) -> tuple[bool, str]:
    """The mean loss of the last tenth of finetuning is below that of the first."""
    return _fell("finetune")


def retrieval_recall(settings: Settings, report: Report) -> tuple[bool, str]:
    """The title of a document finds one of its passages among the first five, for one document in two at least."""
    from havoc.rag.index import Index

    index = Index(places.RAG, config=settings.rag.replace(embedder="none"))
    titles = _titles()
    found = sum(
        any(hit.passage.document == document for hit in index.search(title, 5))
        for document, title in titles.items()
    )
    share = found / len(titles) if titles else 0.0
    return share >= RECALL_BAR, f"{found} of {len(titles)} titles found, the bar is {RECALL_BAR:g}"


def not_below_champion(settings: Settings, report: Report) -> tuple[bool, str]:
    """Program accuracy and the share of requests answered right are not below the champion's."""
    decision = report["champion"]
    return bool(decision["moved"]) or "version" not in decision, str(decision["reason"])


def audit_catches_faults(settings: Settings, report: Report) -> tuple[bool, str]:
    """A number changed by a thousandth in the result of an operation fails its audit, for 25 operations."""
    from havoc.tools.operation import operations

    declared = operations()
    names = random.Random(0).sample(sorted(declared), min(25, len(declared)))
    missed = [name for name in names if not _caught(name, declared[name])]
    return not missed, f"{len(names) - len(missed)} of {len(names)} planted faults caught" + _first(
        missed
    )


CHECKS: dict[str, tuple[Check, ...]] = {
    "corpus": (planted_near_duplicate, planted_contamination, no_contamination),
    "tokenizer": (round_trip,),
    "tokens": (shards_whole,),
    "pair_tokens": (pair_shards_whole,),
    "pretrain": (base_loss_fell, base_under_the_bar),
    "finetune": (planner_loss_fell,),
    "rag_index": (retrieval_recall,),
    "evaluate": (not_below_champion, audit_catches_faults),
}


def run_checks(name: str, settings: Settings, report: Report) -> list[Outcome]:
    """Run the checks of a step on what it has just written."""
    return [
        Outcome(check.__name__, *check(settings, report))  # type: ignore[attr-defined]
        for check in CHECKS.get(name, ())
    ]


def _clean_planted(
    settings: Settings, texts: Sequence[str], evaluation_files: Sequence[Path]
) -> dict[str, Any]:
    """The report of cleaning a few texts of ours by the code that cleans the corpus."""
    from havoc.corpus.build import build_corpus

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data" / "stats"
        home.mkdir(parents=True)
        rows = [
            {"id": f"planted-{i}", "source": "planted", "title": "", "text": text}
            for i, text in enumerate(texts)
        ]
        (home / "planted.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return dict(
            build_corpus(
                Path(folder) / "data",
                Path(folder) / "corpus",
                evaluation_files=evaluation_files,
                config=settings.data,
            )
        )


def _a_long_text() -> str:
    """The first document of the corpus with enough words that one more or less is nothing."""
    from havoc.corpus.build import read_corpus

    return next(d.text for d in read_corpus(places.CORPUS) if len(d.text.split()) > 250)


def _requests() -> list[str]:
    return [
        json.loads(line)["request"]
        for path in places.request_files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def _runs(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    return {" ".join(words[i : i + WORDS_IN_A_ROW]) for i in range(len(words) - WORDS_IN_A_ROW + 1)}


def _titles() -> dict[str, str]:
    """A hundred documents of the index with a title of their own, by a hash of their id."""
    from havoc.corpus.build import read_corpus
    from havoc.rag.passages import NOT_INDEXED

    able = [
        (hashlib.sha256(d.id.encode()).digest(), d.id, d.title)
        for d in read_corpus(places.CORPUS)
        if d.title and d.source not in NOT_INDEXED
    ]
    return {id_: title for _, id_, title in sorted(able)[:100]}


def _whole(folder: Path) -> tuple[bool, str]:
    from havoc.corpus.tokens import TokenSet

    tokens = TokenSet(folder)
    try:
        tokens.verify()
    except InputError as error:
        return False, str(error)
    rows = sum(tokens.rows(group) for group in tokens.groups)
    return rows > 0, f"{rows} rows whole"


def _fell(stage: str) -> tuple[bool, str]:
    with (places.PLOTS / f"{stage}.csv").open(encoding="utf-8") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    if len(losses) < 2:  # so few steps that one was logged: against a guess among all tokens
        losses.insert(0, _uniform_loss(stage))
    tenth = max(1, len(losses) // 10)
    first, last = sum(losses[:tenth]) / tenth, sum(losses[-tenth:]) / tenth
    return last < first, f"from {first:.3f} to {last:.3f}"


def _uniform_loss(stage: str) -> float:
    from havoc.corpus.tokens import TokenSet

    tokens = TokenSet(places.TOKENS if stage == "pretrain" else places.PAIR_TOKENS)
    return math.log(int(tokens.manifest["vocab_size"]))


def _caught(name: str, operation: Any) -> bool:
    """Whether the verifier of an operation sees that the first number of its result was changed."""
    from havoc.dsl.executor import run_text

    step = next(s for s in run_text(operation.examples[0]).steps if s.operation == name)
    for key, value in step.result.values.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        wrong = value + 1e-3 if abs(value) < 1e-6 else value * 1.001
        false = replace(step.result, values={**step.result.values, key: wrong})
        try:
            return any(not c.passed for c in operation.audit(step.arguments, false))
        except Exception:  # a verifier that breaks on a false number withholds it too
            return True
    return True  # no number of its own


def _first(items: Sequence[str]) -> str:
    return f", the first: {items[0]}" if items else ""
