"""Cleaning text, a core: the corpus step beside datatrove's own pipeline on the same documents.

    pip install 'havoc[ingest]' 'datatrove[processing]' spacy
    python benchmarks/corpus.py [--megabytes 4] [--json corpus.json]

Ours: normalise, quality rules, decontamination, exact and near duplicates (``havoc.corpus.build.clean``). Theirs: the
filters of FineWeb for text (Gopher repetition and quality, C4, FineWeb) and the four steps of MinHash deduplication,
at their defaults. Both read the documents from memory; processor seconds are counted, which hold on a busy machine.
datatrove's filters drop most technical text early (``kept`` says how much), which makes it faster, not slower: the
line "minhash of all" gives its duplicate finder every document, as ours gets.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any


def documents(megabytes: float) -> list[Any]:
    """Documentation of the installed packages, about so much."""
    from havoc.corpus.sources import package_documents

    found, size = [], 0
    for package in ("scipy", "statsmodels", "pandas", "sympy", "numpy"):
        for document in islice(package_documents(package), 100_000):
            found.append(document)
            size += len(document.text)
            if size > megabytes * 1e6:
                return found
    return found


def ours(texts: list[Any]) -> int:
    """Documents that the corpus step keeps."""
    from havoc.config import DataConfig
    from havoc.corpus.build import CorpusReport, clean
    from havoc.corpus.contamination import Decontaminator

    requests = sorted(Path("benchmarks/requests").glob("*.jsonl"))
    forbidden = Decontaminator.from_files(requests, 13)
    return sum(1 for _ in clean(iter(texts), forbidden, DataConfig(), CorpusReport()))


def _theirs(texts: list[Any]) -> Any:
    from datatrove.data import Document

    return (Document(text=d.text, id=d.id) for d in texts)


def filters(texts: list[Any]) -> list[Any]:
    """What FineWeb's filters leave."""
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )

    stream = _theirs(texts)
    for step in (
        GopherRepetitionFilter(),
        C4QualityFilter(filter_no_terminal_punct=False),
        GopherQualityFilter(),
        FineWebQualityFilter(),
    ):
        stream = step.run(stream)
    return list(stream)


def minhash(left: list[Any], folder: Path) -> int:
    """Documents that datatrove's MinHash keeps."""
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig

    config = MinhashConfig()
    signatures, buckets, removed = (str(folder / n) for n in ("signatures", "buckets", "removed"))
    MinhashDedupSignature(output_folder=signatures, config=config).run(iter(left), 0, 1)
    for bucket in range(config.num_buckets):
        step = MinhashDedupBuckets(
            input_folder=signatures, output_folder=buckets, config=MinhashConfig()
        )
        step.run(None, bucket, config.num_buckets)
    MinhashDedupCluster(input_folder=buckets, output_folder=removed, config=config).run(None, 0, 1)
    return sum(1 for _ in MinhashDedupFilter(input_folder=removed).run(iter(left), 0, 1))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of this process, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def main() -> None:
    """Print characters a second and core."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=4.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    from datatrove.utils.logging import logger  # dozens of lines a step

    logger.remove()
    texts = documents(options.megabytes)
    characters = sum(len(d.text) for d in texts)
    ours(texts[:50])  # what is imported and compiled once is not counted, on either side
    with tempfile.TemporaryDirectory() as name:
        minhash(filters(texts[:50]) + list(_theirs(texts[:50])), Path(name) / "first")
        seconds, kept = timed(lambda: ours(texts))
        filtering, left = timed(lambda: filters(texts))
        some, rest = timed(lambda: minhash(left, Path(name) / "some"))
        whole = list(_theirs(texts))
        every, unlike = timed(lambda: minhash(whole, Path(name) / "every"))
    found = {
        "havoc": (seconds, kept),
        "datatrove, filters then minhash": (filtering + some, rest),
        "datatrove, filters": (filtering, len(left)),
        "datatrove, minhash of all": (every, unlike),
        "datatrove, filters and minhash of all": (filtering + every, unlike),
    }
    print(f"{len(texts)} documents, {characters / 1e6:.2f} million characters")
    for what, (spent, documents_kept) in found.items():
        rate = characters / spent / 1e6
        print(f"{what:40} {spent:8.2f} s {rate:8.2f} million/s   kept {documents_kept}")
    if options.json:
        ratio = found["datatrove, filters then minhash"][0] / seconds
        told = {"ratios": {"corpus:datatrove": ratio}, "characters": characters, "found": found}
        options.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
