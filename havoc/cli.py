"""The ``havoc`` command. Each subcommand is a few lines over a library call, imported when used.

Exit status: 0 done, 2 bad input, 3 needs clarification, 1 an internal failure; one line on stderr
and never a traceback, unless HAVOC_DEBUG=1.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from havoc import commands
from havoc.errors import AuditFailed, InputError, NeedsClarification, nearest
from havoc.serving.commands import keys_app, serve

if TYPE_CHECKING:
    from havoc.dsl.executor import Execution
    from havoc.srs.state import Stack
    from havoc.tools.values import Table

app = typer.Typer(
    name="havoc",
    help="Audited answers for mathematics, statistics, engineering and manufacturing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(commands.ingest)
app.command()(commands.trace)
app.command()(commands.verify)
app.add_typer(commands.models, name="models")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Data = Annotated[
    list[Path] | None, typer.Option("--data", help="CSV, Parquet or XLSX file; may be repeated.")
]
Figures = Annotated[
    Path | None, typer.Option("--figures", help="Draw the figures into this folder.")
]
Model = Annotated[Path | None, typer.Option(help="Model folder.")]


@app.command()
def ask(
    request: Annotated[str | None, typer.Argument(help="The request; '-' reads stdin.")] = None,
    as_json: Json = False,
    data: Data = None,
    batch: Annotated[
        Path | None, typer.Option(help='JSON lines {"id", "request", "data"}.')
    ] = None,
    figures: Figures = None,
    model: Model = None,
    detail: Annotated[
        Literal["brief", "normal", "full"] | None, typer.Option(help="How much is written.")
    ] = None,
    session: Annotated[
        Path | None, typer.Option(help="File that keeps the conversation; made if missing.")
    ] = None,
) -> None:
    """Answer a request in words; every number is executed and audited."""
    from havoc.serving.runtime import load_runtime
    from havoc.srs import session as sessions
    from havoc.srs.pipeline import answer
    from havoc.srs.state import Request

    if request is None and batch is None:
        raise InputError('what is asked? havoc ask "..." (or --batch FILE)')
    stack = load_runtime(model).need_stack()
    if batch is not None:
        for item in _batch(batch, stack):
            print(_dump(item), flush=True)
        return
    text = sys.stdin.read() if request == "-" else str(request)
    turns = sessions.read(session) if session else ()
    asked = Request(text, _tables(data), Path.cwd(), detail or "", turns)
    document = answer(asked, stack)
    if session:
        sessions.write(session, turns, text, document)
    _print_answer(document, as_json)
    _draw(document["results"], figures)
    _finish(document)


def _batch(path: Path, stack: Stack) -> Iterator[dict[str, Any]]:
    """One answer a line of the file, whatever became of it."""
    from havoc.evaluation.requests import answer_one

    for number, line in enumerate(_read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            record = {"id": number}
        yield {"id": record.get("id", number), **answer_one(record, path.parent, stack)}


@app.command()
def run(
    program: Annotated[str, typer.Argument(help="A program file; '-' reads stdin.")],
    as_json: Json = False,
    data: Data = None,
    figures: Figures = None,
    seconds: Annotated[float, typer.Option(help="Longest run.")] = 60.0,
    memory_mb: Annotated[int, typer.Option(help="Most memory.")] = 2048,
) -> None:
    """Run a DSL program in a bounded worker."""
    from havoc.dsl.bounded import run_bounded
    from havoc.dsl.executor import Limits
    from havoc.dsl.text import execution_text

    text = sys.stdin.read() if program == "-" else _read_text(Path(program))
    folder = Path.cwd() if program == "-" else Path(program).resolve().parent
    limits = Limits(seconds=seconds, memory_mb=memory_mb)
    execution = run_bounded(text, files=_tables(data), base_dir=folder, limits=limits)
    document = execution.to_json()
    print(_dump(document) if as_json else execution_text(execution), end="\n" if as_json else "")
    _draw(document["results"], figures)
    _refuse_failed_audit(execution)


@app.command()
def fmt(
    programs: Annotated[list[str], typer.Argument(help="Program files; '-' reads stdin.")],
    write: Annotated[bool, typer.Option("--write", "-w", help="Rewrite the files.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only tell which would change.")] = False,
) -> None:
    """Print programs in canonical form."""
    from havoc.dsl.formatter import format_program
    from havoc.dsl.parser import parse

    changed = []
    for name in programs:
        text = sys.stdin.read() if name == "-" else _read_text(Path(name))
        try:
            canonical = format_program(parse(text))
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
        if canonical != text:
            changed.append(name)
        if write and name != "-":
            _write_text(Path(name), canonical)
        elif not check:
            print(canonical, end="")
    if check and changed:
        raise InputError(f"not in canonical form: {', '.join(changed)} (havoc fmt --write)")


@app.command()
def ops(
    name: Annotated[str | None, typer.Argument(help="A family or an operation.")] = None,
    as_json: Json = False,
    docs: Annotated[Path | None, typer.Option(help="Write the reference pages here.")] = None,
) -> None:
    """List the operations, or describe one."""
    from havoc.dsl import reference

    if docs is not None:
        from havoc.dsl.pictures import write_pictures

        drawn, many = write_pictures(docs / "figures")
        changed = reference.write_pages(docs)
        print(
            f"{len(changed)} of {len(reference.pages())} pages and {len(drawn)} of {many} figures "
            f"changed in {docs}"
        )
        return
    found = reference.schemas()
    if name is not None:
        known = sorted({s["family"] for s in found} | {s["name"] for s in found})
        if name not in known:
            raise InputError(f"there is no operation or family '{name}'{nearest(name, known)}")
        found = [s for s in found if name in (s["family"], s["name"])]
    if as_json:
        print(_dump(found))
    elif len(found) == 1 and name == found[0]["name"]:
        print(reference.section(found[0]["name"]))
    else:
        width = max((len(s["name"]) for s in found), default=0)
        print("\n".join(f"{s['name']:<{width}}  {s['summary']}" for s in found))


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help="The text to continue; '-' reads stdin.")],
    model: Model = None,
    max_new_tokens: Annotated[int | None, typer.Option(min=1)] = None,
    temperature: Annotated[float | None, typer.Option(min=0)] = None,
    seed: Annotated[int | None, typer.Option(min=0)] = None,
) -> None:
    """Continue a text with the language model; the text is not audited."""
    from havoc.serving.runtime import load_runtime

    text = sys.stdin.read() if prompt == "-" else prompt
    given = {"max_new_tokens": max_new_tokens, "temperature": temperature, "seed": seed}
    options = {key: value for key, value in given.items() if value is not None}
    for piece in load_runtime(model).need_engine().stream(text, options):
        print(piece.text, end="", flush=True)
    print()


OVERRIDES = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=OVERRIDES)
def train(
    context: typer.Context,
    tokens: Annotated[Path, typer.Option(help="Token shards.")] = Path("artifacts/tokens/pretrain"),
    tokenizer: Annotated[Path, typer.Option(help="Tokenizer.")] = Path("artifacts/tokenizer"),
    init: Annotated[
        Path | None,
        typer.Option("--init", "--start", help="Model folder or checkpoint to start from."),
    ] = None,
    output: Annotated[Path, typer.Option(help="Takes checkpoints and the finished model.")] = Path(
        "checkpoints/run"
    ),
    profile: Annotated[str, typer.Option(help="Pipeline profile.")] = "laptop",
    resume: Annotated[bool, typer.Option(help="Go on from the newest checkpoint.")] = True,
    allow_mismatch: Annotated[
        bool, typer.Option("--allow-mismatch", help="Go on with other data, tokenizer or recipe.")
    ] = False,
    allow_memory: Annotated[
        bool, typer.Option("--allow-memory", help="Start even if memory seems too small.")
    ] = False,
) -> None:
    """Train a model on token shards; --training.learning_rate 1e-4 and the like override."""
    from havoc.config import load_settings, parse_overrides
    from havoc.training.run import train_on_shards

    if os.environ.get("RANK", "0") != "0":  # of several processes one keeps the run's record
        os.environ["HAVOC_TRACKING"] = "off"
    given = parse_overrides(context.args)
    report = train_on_shards(
        load_settings(profile, given),
        tokens,
        tokenizer,
        output,
        init=init,
        resume=resume,
        allow_mismatch=allow_mismatch,
        allow_memory=allow_memory,
        vocab_size_asked="vocab_size" in given.get("model", {}),
    )
    if report.stopped != "finished":
        raise KeyboardInterrupt
    print(f"loss {report.loss:.4f} after {report.steps} steps; model in {output / 'model'}")


@app.command(context_settings=OVERRIDES)
def plan(
    context: typer.Context,
    model: Annotated[str, typer.Option(help="Name in configs/model.")] = "havoc_7b",
    training: Annotated[str, typer.Option(help="Name in configs/training.")] = "pretrain_7b",
    device: Annotated[str, typer.Option(help="a100-80, h100, rtx4090, ...")] = "a100-80",
    devices: Annotated[int, typer.Option(help="How many.")] = 8,
    tokens: Annotated[float | None, typer.Option(help="Default: 20 a parameter.")] = None,
    utilisation: Annotated[float, typer.Option(help="Share of the peak that is reached.")] = 0.4,
    price: Annotated[float | None, typer.Option(help="Of one device for an hour.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what a training run needs: memory by part, hours, cost, and what would make it fit."""
    from havoc.config import HavocConfig, TrainingConfig, load_config, parse_overrides
    from havoc.training.plan import find_device, make_plan, plan_text

    given = parse_overrides(context.args)
    found = make_plan(
        load_config(HavocConfig, model, given.get("model")),
        load_config(TrainingConfig, training, given.get("training")),
        find_device(device),
        devices=devices,
        tokens=tokens,
        utilisation=utilisation,
        price=price,
    )
    print(_dump(found.to_json()) if as_json else plan_text(found))


@app.command()
def export(
    model: Annotated[Path, typer.Argument(help="Model folder or checkpoint.")],
    output: Annotated[Path, typer.Argument(help="Folder or file to write; not there yet.")],
    to: Annotated[str, typer.Option(help="hf, gguf or havoc.")] = "hf",
    dtype: Annotated[
        str, typer.Option(help="float32, float16, bfloat16; gguf also q8_0.")
    ] = "float32",
) -> None:
    """Write a model for transformers and vLLM (hf) or llama.cpp (gguf), or join shards (havoc)."""
    from havoc.model.export import export_model

    print(export_model(model, output, to, dtype))


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(help="config.json, model.safetensors, tokenizer.model.")
    ],
    output: Annotated[Path, typer.Argument(help="Model folder to write; not there yet.")],
) -> None:
    """Read a Llama-layout folder; `havoc train --init` goes on from it."""
    from havoc.model.importing import import_model

    read = import_model(source, output)
    print(f"{read.config.num_parameters:,} parameters in {output}")


@app.command("eval")
def evaluate(
    requests: Annotated[list[Path], typer.Argument(help="Request files with expected answers.")],
    as_json: Json = False,
    model: Model = None,
    programs: Annotated[
        int, typer.Option(min=0, help="Held-out pairs of each split to judge as well.")
    ] = 0,
    ablation: Annotated[bool, typer.Option(help="Also with stages switched off.")] = False,
    report: Annotated[Path | None, typer.Option(help="Folder for the HTML report.")] = None,
    champion: Annotated[
        Path | None, typer.Option(help="details.json to compare with; a fall is a failure.")
    ] = None,
) -> None:
    """Answer request files and score the answers; with a report, ablations and a gate."""
    from havoc.evaluation import run as evaluation
    from havoc.serving.runtime import load_runtime

    before = evaluation.read_details(champion) if champion else None
    stack = load_runtime(model).need_stack()
    progress = (lambda message: None) if as_json else lambda m: print(m, file=sys.stderr)
    found = evaluation.measure(stack, requests, programs, ablation, progress)
    if report is not None:
        evaluation.write_report(report, found, before)
    print(_dump(found) if as_json else evaluation.told(found))
    fallen = evaluation.falls(found, before) if before is not None else []
    if fallen:
        raise AuditFailed("behind the champion: " + "; ".join(map(str, fallen[:5])))


@app.command()
def worksheet(
    program: Annotated[
        str, typer.Argument(help="A program that builds a design; '-' reads stdin.")
    ],
    file: Annotated[Path, typer.Argument(help="Worksheet to write: .csv, .xlsx or .json.")],
    response: Annotated[
        list[str] | None, typer.Option(help="Response to be measured; may be repeated.")
    ] = None,
) -> None:
    """Write a design as a worksheet to fill in; doe.analyse reads it back."""
    from havoc.dsl.bounded import run_bounded
    from havoc.serving.worksheet import design_of, write_worksheet

    text = sys.stdin.read() if program == "-" else _read_text(Path(program))
    folder = Path.cwd() if program == "-" else Path(program).resolve().parent
    design = design_of([s.result for s in run_bounded(text, base_dir=folder).steps])
    for written in write_worksheet(design, file, response or ["response"]):
        print(written)


@app.command()
def mcp(
    transport: Annotated[str, typer.Option(help="stdio for a local client, or http.")] = "stdio",
    host: Annotated[str, typer.Option(help="Address for http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port for http; the path is /mcp.")] = 3002,
) -> None:
    """Serve the operations to any client of the Model Context Protocol."""
    from havoc.serving.mcp import serve_mcp

    if transport not in ("stdio", "http"):
        raise InputError(f"transport is stdio or http, not '{transport}'")
    serve_mcp(transport, host, port)  # type: ignore[arg-type]


app.command()(serve)
app.add_typer(keys_app, name="keys")


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is not UTF-8 text") from None
    except OSError as error:
        siblings = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = nearest(path.name, siblings) if isinstance(error, FileNotFoundError) else ""
        raise InputError(f"'{path}' cannot be read: {error.strerror}{hint}") from None


def _write_text(path: Path, text: str) -> None:
    """Replace the file at once, so that an interruption leaves the old one whole."""
    if path.read_text(encoding="utf-8") == text:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"'{path}' cannot be written: {error.strerror}") from None


def _tables(paths: Sequence[Path] | None) -> dict[str, Table]:
    """Attached files by name."""
    from havoc.tools.table_io import read_table

    return {path.name: read_table(path) for path in paths or ()}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _print_answer(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(_dump(document))
    elif document["status"] == "answered":
        print(_plain(document["answer"]))


def _plain(answer: str) -> str:
    """Markdown for a terminal: numbers without their links, figures by their place."""
    answer = re.sub(r"\[([^\]\n]*)\]\(#v:[^)\n]*\)", r"\1", answer)
    return re.sub(r"\[\[figure:([^\]\n]*)\]\]", r"(figure \1: --figures DIR draws it)", answer)


def _finish(document: dict[str, Any]) -> None:
    """Turn the status of an answer into an exit status."""
    match document["status"]:
        case "needs_clarification":
            raise NeedsClarification(document.get("question") or "more is needed")
        case "refused":
            raise InputError(document.get("answer") or "the request was refused")
        case "failed":
            raise AuditFailed(document.get("answer") or "no number could be confirmed")


def _draw(results: Sequence[dict[str, Any]], folder: Path | None) -> None:
    """Write the figures of a run as ``r2.1.svg`` ..., a surface as ``r2.1.surface.svg``, into a folder."""
    if folder is None:
        return
    from havoc.tools.figures import draw, views
    from havoc.tools.result import Figure

    for result in results:
        for number, given in enumerate(result["figures"], 1):
            figure = Figure(given["kind"], given["title"], given["data"])
            for view, seen in views(figure).items():
                name = ".".join(filter(None, (result["name"], str(number), view, "svg")))
                _write_figure(folder / name, draw(seen))


def _write_figure(path: Path, image: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}") from None
    print(f"figure: {path}", file=sys.stderr)


def _refuse_failed_audit(execution: Execution) -> None:
    failed = [f"{s.name}.{c.name}" for s in execution.steps for c in s.checks if not c.passed]
    if failed:
        raise AuditFailed(f"the audit did not confirm {', '.join(failed)}")


def _asked(arguments: list[str]) -> list[str]:
    """``havoc "a request"`` is ``havoc ask "a request"``."""
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    # a group may be named where it is added or where it is made
    known |= {
        str(g.name or g.typer_instance.info.name) for g in app.registered_groups if g.typer_instance
    }
    if not arguments or arguments[0] in known or arguments[0].startswith("-"):
        return arguments
    if " " not in arguments[0].strip():
        raise InputError(f"there is no command '{arguments[0]}'{nearest(arguments[0], known)}")
    return ["ask", *arguments]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit with its status."""
    sys.exit(_status(list(sys.argv[1:] if arguments is None else arguments)))


def _status(arguments: list[str]) -> int:
    try:
        return app(_asked(arguments or ["--help"]), standalone_mode=False) or 0
    except NeedsClarification as error:
        return _say(f"one question: {error}", 3)
    except InputError as error:
        return _say(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped", 130)
    except BrokenPipeError:
        # the reader has gone; keep the interpreter from complaining when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if hasattr(error, "format_message"):  # a mistake in the command line itself
            return _say(error.format_message(), 2)
        return _internal(error)


def _internal(error: Exception) -> int:
    if os.environ.get("HAVOC_DEBUG") == "1":
        raise error
    detail = " ".join(str(error).split())[:300]
    if isinstance(error, AuditFailed):
        return _say(detail, 1)
    return _say(
        f"internal failure: {type(error).__name__}: {detail} (HAVOC_DEBUG=1 shows where)", 1
    )


def _say(message: str, status: int) -> int:
    print("havoc: " + " ".join(message.split()), file=sys.stderr)
    return status
