"""What 100 billion tokens and 7 billion parameters take: time, money and disk of each step, and what breaks first.

    python benchmarks/scale.py [--tokens 100e9] [--parameters 7.07e9] [--gpus 256]

Arithmetic, not a simulation: each line is an amount of work over a rate. Rates marked *measured* are of this code on
one core of an ordinary machine (``--measure`` takes them again here); those marked *assumed* are published figures of
hardware and prices, each a parameter. Training takes 6 floating-point operations a parameter and token (Kaplan et al.
2020, section 2.1).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass

CHARACTERS_A_TOKEN = 4.0
SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True)
class Rates:
    """Characters a second and core, and what machines do and cost."""

    mask: float  # measured
    clean: float  # measured: normalise, judge, decontaminate, both duplicate finders
    tokenize: float  # measured
    bytes_a_document: float  # measured: memory of the duplicate finder, a document
    gpu_flops: float = 400e12  # assumed: bf16 in training on one H100, 40 % of 989e12
    gpu_hour: float = 2.5  # assumed: dollars
    core_hour: float = 0.04  # assumed: dollars
    disk_month: float = 0.023  # assumed: dollars a gigabyte and month of an object store
    network: float = 1.25e9  # assumed: bytes a second of one downloading node, 10 Gbit/s


@dataclass(frozen=True)
class Line:
    """One step: its work in core hours or GPU hours, and how long it takes on what is there."""

    step: str
    core_hours: float = 0.0
    gpu_hours: float = 0.0
    hours: float = 0.0
    note: str = ""

    def cost(self, rates: Rates) -> float:
        return self.core_hours * rates.core_hour + self.gpu_hours * rates.gpu_hour


def lines(tokens: float, parameters: float, cores: int, gpus: int, rates: Rates) -> Iterator[Line]:
    """The steps in their order."""
    characters = tokens * CHARACTERS_A_TOKEN
    read = characters * 1.5  # a third is filtered away (limits of configs/sources)
    packed = read / 3
    yield Line(
        "download",
        hours=packed / rates.network / SECONDS_AN_HOUR,
        note=f"{packed / 1e12:.1f} TB packed",
    )
    for step, amount, rate in (
        ("mask personal data", read, rates.mask),
        ("clean, deduplicate", read, rates.clean),
        ("tokens", characters, rates.tokenize),
    ):
        core_hours = amount / rate / SECONDS_AN_HOUR
        if step.startswith("clean"):  # one process, for it remembers what it has seen
            yield Line(step, core_hours=core_hours, hours=core_hours, note="one process")
        else:
            yield Line(step, core_hours=core_hours, hours=core_hours / cores)
    flops = 6 * parameters * tokens
    gpu_hours = flops / rates.gpu_flops / SECONDS_AN_HOUR
    yield Line(
        "pretrain", gpu_hours=gpu_hours, hours=gpu_hours / gpus, note=f"{flops:.2g} operations"
    )
    pairs = 6 * parameters * 110_000 * 60 * 3 / rates.gpu_flops / SECONDS_AN_HOUR
    yield Line(
        "finetune",
        gpu_hours=pairs,
        hours=pairs / 8,
        note="110,000 pairs of 60 tokens, 3 times, 8 GPUs",
    )


def breaks(tokens: float, parameters: float, cores: int, rates: Rates) -> Iterator[tuple[str, str]]:
    """What gives way first as the data grow, and what to do then."""
    documents = tokens * CHARACTERS_A_TOKEN * 1.5 / 4000
    memory = documents * rates.bytes_a_document
    yield (
        "duplicate finder in one process",
        f"{documents / 1e6:.0f} million documents of 4,000 characters need {memory / 1e9:.0f} GB of memory, and one "
        "core's "
        f"{tokens * 6 / rates.clean / SECONDS_AN_HOUR / 24:.0f} days: run the corpus step a source at a time, or "
        "deduplicate by datatrove's MinHash over files, which needs disk instead",
    )
    lists = 64e9 / rates.bytes_a_document * 4000 / CHARACTERS_A_TOKEN / 1.5
    yield ("a node of 64 GB", f"holds the finder up to about {lists / 1e9:.0f} billion tokens")
    yield (
        "DVC's folder hash of data/",
        f"reads {tokens * 6 / 1e12:.1f} TB once after each change: 2 h at 0.1 GB/s for every 0.7 TB; at this size keep "
        "the sources in S3 and let data.dvc hold the recipe",
    )
    state = parameters * 16
    yield (
        "one GPU of 80 GB",
        f"weights, gradients and AdamW's moments are {state / 1e9:.0f} GB at 16 bytes a parameter: at least "
        f"{-(-state // 60e9):.0f} GPUs by FSDP2 before any activation",
    )
    yield (
        "a checkpoint",
        f"{parameters * 12 / 1e9:.0f} GB; every 1,000 steps of 4 million tokens there are {tokens / 4e9:.0f} of them",
    )


def table(tokens: float, parameters: float, cores: int, gpus: int, rates: Rates) -> str:
    """Everything as text."""
    out = [f"{tokens:.3g} tokens, {parameters:.3g} parameters, {cores} cores, {gpus} GPUs", ""]
    out.append(f"{'step':22}{'core hours':>12}{'GPU hours':>11}{'hours':>9}{'dollars':>10}")
    found = list(lines(tokens, parameters, cores, gpus, rates))
    for line in found:
        out.append(
            f"{line.step:22}{line.core_hours:>12,.0f}{line.gpu_hours:>11,.0f}{line.hours:>9,.1f}"
            f"{line.cost(rates):>10,.0f}  {line.note}"
        )
    total = sum(line.cost(rates) for line in found)
    out += [f"{'all':22}{'':12}{'':11}{sum(x.hours for x in found):>9,.1f}{total:>10,.0f}", ""]
    out += ["What breaks first:"]
    out += [f"  {what}: {how}" for what, how in breaks(tokens, parameters, cores, rates)]
    return "\n".join(out)


def measure(megabytes: float = 2.0) -> Rates:
    """Take the rates of this machine, one core, on the installed packages' documentation."""
    from itertools import islice

    from havoc.config import DataConfig
    from havoc.corpus.build import CorpusReport, clean
    from havoc.corpus.contamination import Decontaminator
    from havoc.corpus.personal import Masker
    from havoc.corpus.sources import package_documents
    from havoc.tokenizer.training import train_tokenizer

    documents = list(islice(package_documents("scipy"), 3000))
    while sum(len(d.text) for d in documents) > megabytes * 1e6:
        documents.pop()
    characters = sum(len(d.text) for d in documents)
    masker = Masker()
    trained = train_tokenizer((d.text for d in documents), 4000, reserved=(), max_sentences=20_000)

    def rate(work: object) -> float:
        began = time.process_time()
        for _ in work:  # type: ignore[attr-defined]
            pass
        return characters / max(time.process_time() - began, 1e-9)

    cleaned = rate(
        clean(iter(documents), Decontaminator.from_files((), 13), DataConfig(), CorpusReport())
    )
    return Rates(
        mask=rate(masker.mask(d.text) for d in documents),
        clean=cleaned,
        tokenize=rate(trained.encode(d.text) for d in documents),
        bytes_a_document=finder_bytes(),
    )


def finder_bytes(documents: int = 30_000) -> float:
    """Memory that the duplicate finder holds for each document it keeps."""
    import random

    import psutil

    from havoc.corpus.duplicates import DuplicateFinder

    chance = random.Random(1)
    finder, process = DuplicateFinder(), psutil.Process()
    before = process.memory_info().rss
    for number in range(documents):
        text = " ".join(str(chance.random()) for _ in range(8))
        finder.exact(f"document-{number}", text)
        finder.near(f"document-{number}", text)
    return (process.memory_info().rss - before) / documents


# One core of a 2-core virtual machine, by --measure; the machine was busy, so CPU seconds were counted.
HERE = Rates(mask=3.8e6, clean=2.8e6, tokenize=5.1e6, bytes_a_document=2390)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tokens", type=float, default=100e9)
    parser.add_argument("--parameters", type=float, default=7.07e9)
    parser.add_argument("--cores", type=int, default=256)
    parser.add_argument("--gpus", type=int, default=256)
    parser.add_argument("--measure", action="store_true", help="take the rates of this machine")
    options = parser.parse_args()
    rates = measure() if options.measure else HERE
    print(rates)
    print(table(options.tokens, options.parameters, options.cores, options.gpus, rates))


if __name__ == "__main__":
    main()
