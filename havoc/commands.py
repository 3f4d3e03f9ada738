"""Commands about where text, answers and models come from: ``ingest``, ``trace``, ``verify``, ``models``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from havoc.errors import AuditFailed, InputError, nearest

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[
    list[Path] | None, typer.Option("--data", help="CSV, Parquet or XLSX file; may be repeated.")
]
Name = Annotated[str, typer.Option("--name", help="Of the registered model.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the registry.")]

models = typer.Typer(name="models", help="The model registry: versions, champion, rollback.")


def ingest(
    recipe: Annotated[
        str, typer.Argument(help="A name in configs/sources, or a YAML file of sources.")
    ],
    data: Annotated[Path, typer.Option("--data", help="Folder of the raw text.")] = Path("data"),
    only: Annotated[
        list[str] | None, typer.Option("--source", help="Of the recipe; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take text from folders, URLs, S3 and the dataset hub into data/; goes on where it stopped."""
    import sys

    from havoc.corpus.ingest import ingest as take
    from havoc.corpus.recipe import load_recipe

    sources = load_recipe(recipe)
    for name in only or ():
        if name not in sources:
            raise InputError(f"--source: no '{name}' in {recipe}{nearest(name, sources)}")
    chosen = {k: v for k, v in sources.items() if not only or k in only}
    report = take(chosen, data, progress=lambda line: print(line, file=sys.stderr, flush=True))
    if as_json:
        print(_dump(report))
        return
    for name, brought in report.items():
        print(
            f"{name}: {brought['documents']} documents, {brought['characters'] / 1e6:.1f} million"
            f" characters in {brought['folder']}; {brought['left_out']} left out"
        )
        for bad in brought["quarantined"][:5]:
            print(f"  left out: {bad['reason']}")


def trace(
    source: Annotated[
        str,
        typer.Argument(
            help="An answer's file, a bento (havoc:TAG or FILE.bento), an MLflow run, a version"
            " (models:/havoc@champion) or a model folder."
        ),
    ],
    as_json: Json = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail where a record says nothing, too.")
    ] = False,
) -> None:
    """Show what an answer, a bento, a run or a model was made from, every link checked."""
    from havoc import lineage

    chain = lineage.trace(source)
    print(_dump(chain.to_json()) if as_json else lineage.chain_text(chain))
    if chain.broken:
        raise AuditFailed(f"the chain is broken at: {', '.join(x.kind for x in chain.broken)}")
    if strict and not chain.complete:
        missing = ", ".join(x.kind for x in chain.links if x.state == "missing")
        raise AuditFailed(f"the chain is not complete: {missing}")


def verify(
    answer: Annotated[Path, typer.Argument(help="What havoc ask --json printed.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Run an answer's program again and say whether every number is the same."""
    from havoc import verification
    from havoc.tools.table_io import read_table

    document = verification.read_answer(answer)
    tables = {path.name: read_table(path) for path in data or ()}
    found = verification.verify(document, tables, answer.resolve().parent)
    print(_dump(found.to_json()) if as_json else verification.verification_text(found))
    if not found.passed:
        raise AuditFailed(f"{answer} is not verified")


@models.command("list")
def list_models(name: Name = "havoc", as_json: Json = False) -> None:
    """Versions with their aliases, the decision on each, its figures and its bento."""
    from havoc.registry import Registry

    found = Registry(name).versions()
    if as_json:
        print(_dump([vars(v) for v in found]))
        return
    for v in found:
        right = v.figures.get("requests.dev.share")
        figures = f"  requests right {right:.3f}" if right is not None else ""
        print(f"{v.number:>4}  {', '.join(v.aliases) or '-':<22}{figures}")
        print(f"      {v.tags.get('decision', 'no decision')}")
        if "bento" in v.tags:
            print(f"      bentoml serve {v.tags['bento']}")
    if not found:
        print(f"nothing is registered as '{name}' yet; the step evaluate does it")


@models.command()
def history(name: Name = "havoc", as_json: Json = False) -> None:
    """Every move of the champion: when, by whom, why."""
    from havoc.registry import Registry

    moves = Registry(name).history()
    if as_json:
        print(_dump([vars(m) for m in moves]))
        return
    for move in moves:
        print(f"{move.at}  version {move.version}  by {move.by}: {move.reason}")


@models.command()
def promote(
    version: Annotated[str, typer.Argument(help="Its number, or an alias such as challenger.")],
    reason: Reason = "",
    name: Name = "havoc",
) -> None:
    """Make a version the champion."""
    from havoc.registry import Registry

    registry = Registry(name)
    _tell(registry, registry.promote(version, reason))


@models.command()
def rollback(reason: Reason = "", name: Name = "havoc") -> None:
    """Make the champion before this one champion again."""
    from havoc.registry import Registry

    registry = Registry(name)
    _tell(registry, registry.rollback(reason))


def _tell(registry: Any, move: Any) -> None:
    print(f"version {move.version} is the champion of '{registry.name}': {move.reason}")
    bento = registry.get(move.version).tags.get("bento")
    print(f"serve it: bentoml serve {bento}" if bento else "it has no bento yet: dvc repro bento")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
