"""``havoc trace``: from an answer, a bento, a run or a model to everything that made it, each link checked.

The chain goes answer, model, registry, MLflow runs, DVC's hashes, data, git commit, environment. A link is

* ``verified``: recomputed here, or found equal in two independent records;
* ``recorded``: named by a record, which nothing here contradicts and nothing here can confirm;
* ``differs``: what is here is not what the record says;
* ``missing``: the record does not say.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from havoc import seal
from havoc.errors import InputError
from havoc.model.directory import WEIGHTS, read_description
from havoc.registry import Registry, Version, logged_by
from havoc.verification import read_answer

INSTRUCT = Path("artifacts/model/instruct")
INDEX_MANIFEST = Path("artifacts/rag/manifest.json")
TOKENS = Path("artifacts/tokens")
_RUN = re.compile(r"[0-9a-f]{32}")
_UNKNOWN = ("", "unknown", "none", "None")


@dataclass(frozen=True)
class Link:
    """One link of the chain."""

    kind: str
    value: str
    state: str
    detail: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """The whole chain of one thing."""

    source: str
    links: tuple[Link, ...]

    @property
    def broken(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.state == "differs")

    @property
    def complete(self) -> bool:
        return not any(link.state in ("missing", "differs") for link in self.links)

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "complete": self.complete,
            "broken": [link.kind for link in self.broken],
            "links": [vars(link) for link in self.links],
        }


@dataclass
class _Clues:
    """What is known of the thing so far, gathered link by link."""

    weights: str = ""  # SHA-256 of the model's weights, or its first digits
    runs: list[str] = field(default_factory=list)
    git: str = ""
    data: str = ""
    environment: str = ""
    index: str = ""
    version: Version | None = None


def trace(source: str) -> Chain:
    """Follow a source to everything that made it.

    Parameters
    ----------
    source
        The file of an answer (``havoc ask --json``), a bento's tag (``havoc:...``) or archive, an MLflow run's id, a
        version of the registry (``models:/havoc@champion``, ``models:/havoc/3``), or a model folder.

    Raises
    ------
    InputError
        If it is none of these, or is not there.
    """
    clues = _Clues()
    links = [*_start(source, clues)]
    links += _registry(clues)
    links += _runs(clues)
    links += _weights_here(clues)
    links += _ledger(clues)
    links += _code(clues)
    return Chain(source, tuple(links))


def _start(source: str, clues: _Clues) -> Iterator[Link]:
    path = Path(source)
    if _RUN.fullmatch(source):
        clues.runs.append(source)
        clues.weights = _logged_weights(source)
    elif source.startswith("models:/"):
        yield from _from_registry(source, clues)
    elif path.is_dir():
        yield from _from_folder(path, clues)
    elif path.suffix == ".bento" or (":" in source and not path.exists()):
        yield from _from_bento(source, clues)
    elif path.is_file():
        yield from _from_answer(path, clues)
    else:
        raise InputError(
            f"'{source}' is no file here, and not the form of a bento (name:tag), a run (32 hexadecimal digits)"
            " or a version (models:/havoc@champion)"
        )


# ---- where a chain starts -----------------------------------------------------------------------


def _from_answer(path: Path, clues: _Clues) -> Iterator[Link]:
    document = read_answer(path)
    provenance = dict(document.get("provenance") or {})
    unbroken, signed = seal.unbroken(document), seal.signed(document)
    state = {True: "verified", False: "differs", None: "missing"}[unbroken]
    told = {True: "sealed, unchanged", False: "changed since it was sealed", None: "has no seal"}
    yield Link("answer", _file_sha256(path), state, told[unbroken], {"status": document["status"]})
    if provenance.get("signature"):
        words = {True: "by this plant's key", False: "not by this plant's key", None: "no key here"}
        states = {True: "verified", False: "differs", None: "recorded"}
        yield Link("signature", provenance["signature"], states[signed], words[signed])
    for name, digest in (provenance.get("inputs") or {}).items():
        yield Link(
            "input", str(digest), "recorded", f"{name}; havoc verify --data {name} checks it"
        )
    clues.weights = str(provenance.get("model", "")).partition("@")[2]
    clues.runs.append(str(provenance.get("mlflow_run", "")))
    clues.git, clues.data = str(provenance.get("git", "")), str(provenance.get("data", ""))
    clues.index = str(provenance.get("index", ""))
    if bento := str(provenance.get("bento") or ""):
        yield from _from_bento(bento, clues)


def _from_folder(folder: Path, clues: _Clues) -> Iterator[Link]:
    about = read_description(folder).get("about", {})
    clues.weights = _file_sha256(folder / WEIGHTS)
    clues.runs.append(str(about.get("mlflow_run", "")))
    clues.git, clues.data = str(about.get("git", "")), str(about.get("data", ""))
    clues.environment = str(about.get("environment", ""))
    yield Link("model", clues.weights, "verified", f"SHA-256 of the weights in {folder}")


def _from_registry(source: str, clues: _Clues) -> Iterator[Link]:
    match = re.fullmatch(r"models:/([\w-]+)[@/]([\w-]+)", source)
    if match is None:
        raise InputError(f"'{source}': expected models:/NAME@ALIAS or models:/NAME/VERSION")
    clues.version = Registry(match[1]).get(match[2])
    clues.weights = clues.version.tags.get("weights", "")
    yield from ()


def _from_bento(source: str, clues: _Clues) -> Iterator[Link]:
    described = _read_archive(Path(source)) if source.endswith(".bento") else _read_store(source)
    labels = {str(k): str(v) for k, v in (described.get("labels") or {}).items()}
    tag = f"{described.get('name')}:{described.get('version')}"
    made = str(described.get("creation_time", ""))
    yield Link("bento", tag, "recorded", f"built {made}" if made else "", labels)
    for model_tag in _models_of(described):
        if source.endswith(".bento"):
            yield from _archived_model(Path(source), model_tag, clues)
        else:
            yield from _bento_model(model_tag, clues)
    clues.runs.append(labels.get("mlflow_run", ""))
    clues.git = labels.get("git", "") or clues.git
    clues.data = labels.get("data", "") or clues.data
    clues.environment = labels.get("environment", "")


def _models_of(described: Mapping[str, Any]) -> list[str]:
    """The tags of a bento's models: named by its services (BentoML's spec 2), or by itself (spec 1)."""
    named = [*(described.get("models") or [])]
    for service in described.get("services") or []:
        named += service.get("models") or []
    return [*dict.fromkeys(str(m["tag"] if isinstance(m, dict) else m) for m in named)]


def _bento_home() -> Path:
    return Path(os.environ.get("BENTOML_HOME", Path.home() / "bentoml"))


def _read_store(tag: str) -> dict[str, Any]:
    name, _, version = tag.partition(":")
    folder = _bento_home() / "bentos" / name
    if version in ("", "latest") and (folder / "latest").is_file():
        version = (folder / "latest").read_text().strip()
    path = folder / version / "bento.yaml"
    if not path.is_file():
        known = sorted(p.name for p in folder.glob("*") if p.is_dir())
        raise InputError(
            f"there is no bento '{tag}' in {_bento_home()};"
            f" it has {', '.join(f'{name}:{v}' for v in known[-5:]) or 'none of that name'}"
        )
    return dict(yaml.safe_load(path.read_text()))


def _read_archive(path: Path) -> dict[str, Any]:
    import tarfile

    try:
        with tarfile.open(path) as archive:
            member = next(m for m in archive.getmembers() if m.name.strip("./") == "bento.yaml")
            stream = archive.extractfile(member)
            assert stream is not None
            return dict(yaml.safe_load(stream.read()))
    except (OSError, tarfile.TarError, StopIteration) as error:
        raise InputError(f"'{path}' is not a bento's archive ({error})") from None


def _archived_model(path: Path, tag: str, clues: _Clues) -> Iterator[Link]:
    """The weights inside a bento's archive, hashed without unpacking it."""
    import tarfile

    inside = f"models/{tag.replace(':', '/')}/model/{WEIGHTS}"
    with tarfile.open(path) as archive:
        member = next((m for m in archive if m.name.removeprefix("./") == inside), None)
        stream = archive.extractfile(member) if member else None
        if stream is None:
            yield Link("model in the bento", tag, "recorded", "not in this archive")
            return
        yield _weighed(hashlib.file_digest(stream, "sha256").hexdigest(), clues)  # type: ignore[arg-type]


def _weighed(digest: str, clues: _Clues) -> Link:
    """The link of a bento's weights, which the chain goes on with."""
    same = not clues.weights or digest.startswith(clues.weights)
    detail = "SHA-256 of its weights" + ("" if same else f"; the answer's model is {clues.weights}")
    clues.weights = digest
    return Link("model in the bento", digest, "verified" if same else "differs", detail)


def _bento_model(tag: str, clues: _Clues) -> Iterator[Link]:
    name, _, version = tag.partition(":")
    folder = _bento_home() / "models" / name / version
    weights = folder / "model" / WEIGHTS
    if not weights.is_file():
        yield Link("model in the bento", tag, "recorded", "not in this store")
        return
    yield _weighed(_file_sha256(weights), clues)
    manifest = folder / "index" / "manifest.json"
    if manifest.is_file():
        clues.index = str(json.loads(manifest.read_text()).get("content", ""))


# ---- what it goes through -----------------------------------------------------------------------


def _registry(clues: _Clues) -> Iterator[Link]:
    """The version of the registry that has these weights."""
    version, name = clues.version, ""
    if version is None and clues.weights:
        for name in _registered():
            found = Registry(name).versions()
            version = next(
                (v for v in found if v.tags.get("weights", "-").startswith(clues.weights)), None
            )
            if version is not None:
                break
    if version is None:
        yield Link("model version", "", "missing", "no version of the registry has these weights")
        return
    clues.version = version
    clues.runs += [version.run_id]
    aliases = ", ".join(version.aliases) or "no alias"
    detail = f"{aliases}; {version.tags.get('decision', 'no decision recorded')}"
    facts = {k: v for k, v in version.tags.items() if k.startswith(("dvc.", "bento", "weights"))}
    yield Link("model version", f"{name or 'version'} {version.number}", "verified", detail, facts)


def _registered() -> list[str]:
    from havoc.tracking import patiently, tracking_uri

    uri = tracking_uri()
    if uri.startswith("sqlite:///") and not Path(uri.removeprefix("sqlite:///")).exists():
        return []
    try:
        client = Registry().client
    except InputError:
        return []
    return [m.name for m in patiently(client.search_registered_models, 5.0)]


def _runs(clues: _Clues) -> Iterator[Link]:
    """The runs of training and evaluation, and what they were tagged with."""
    named = [r for r in dict.fromkeys(clues.runs) if r not in _UNKNOWN]
    if not named:
        yield Link("MLflow run", "", "missing", "no run is named")
    seen: set[str] = set()
    bases: set[str] = set()  # what a run started from may be of another commit and other data
    while named:
        run_id = named.pop(0)
        if run_id in seen:
            continue
        seen.add(run_id)
        run = _find_run(run_id)
        if run is None:
            yield Link("MLflow run", run_id, "recorded", "not on this MLflow server")
            continue
        tags = run.data.tags
        shown = {k: v for k, v in tags.items() if not k.startswith("mlflow.")}
        detail = f"{tags.get('stage', 'run')}, {run.info.status.lower()}"
        yield Link("MLflow run", run_id, "verified", detail, shown)
        yield from _recipe(tags)
        bases |= {v for k, v in tags.items() if k.endswith("base_run") and v}
        named += [v for k, v in tags.items() if k.endswith(("model_run", "base_run")) and v]
        trained = tags.get("stage") in ("finetune", "train") and run_id not in bases
        if trained or not clues.git:
            yield from _agree("git", clues.git, tags.get("git", ""), run_id)
            yield from _agree("data", clues.data, tags.get("data", ""), run_id)
            clues.git = clues.git or tags.get("git", "")
            clues.data = clues.data or tags.get("data", "")
            clues.environment = clues.environment or tags.get("environment", "")


def _recipe(tags: Mapping[str, str]) -> Iterator[Link]:
    """What a training read and how it was told to train, where its run says so."""
    stage = tags.get("stage", "run")
    if tokens := tags.get(f"{stage}.tokens"):
        here = [
            path.parent
            for path in sorted(TOKENS.glob("*/manifest.json"))
            if json.loads(path.read_text()).get("fingerprint") == tokens
        ]
        detail = f"fingerprint of what {stage} read; "
        detail += f"{here[0]} holds it" if here else f"not in {TOKENS}"
        yield Link("tokens", tokens, "verified" if here else "recorded", detail)
    if config := tags.get("config"):
        yield Link(
            "config", config, "recorded", "digest of the recipe; the run's parameters are it"
        )


def _agree(what: str, ours: str, theirs: str, run_id: str) -> Iterator[Link]:
    if ours in _UNKNOWN or theirs in _UNKNOWN or ours == theirs:
        return
    yield Link(what, ours, "differs", f"run {run_id[:8]} says {theirs}")


def _find_run(run_id: str) -> Any:
    from havoc.tracking import tracking_uri

    uri = tracking_uri()
    if uri.startswith("sqlite:///") and not Path(uri.removeprefix("sqlite:///")).exists():
        return None
    try:
        return Registry().client.get_run(run_id)
    except Exception as error:  # an absent run, an absent server, an absent package: all "not here"
        if type(error).__name__ in ("MlflowException", "RestException", "InputError"):
            return None
        raise


def _logged_weights(run_id: str) -> str:
    """SHA-256 of the weights that a run logged last; empty where it logged none."""
    run = _find_run(run_id)
    if run is None:
        return ""
    logged = logged_by(Registry().client, run)
    newest_first = sorted(logged, key=lambda m: -m.creation_timestamp)
    return next((m.tags["weights"] for m in newest_first if "weights" in m.tags), "")


def _weights_here(clues: _Clues) -> Iterator[Link]:
    """Whether the model and the index of this working folder are those of the chain."""
    weights = INSTRUCT / WEIGHTS
    if weights.is_file() and clues.weights:
        same = _file_sha256(weights).startswith(clues.weights)
        detail = f"{INSTRUCT} holds " + ("these weights" if same else "another model")
        yield Link("weights", clues.weights, "verified" if same else "recorded", detail)
    elif clues.weights:
        yield Link("weights", clues.weights, "recorded", "no model here to compare with")
    if clues.index not in _UNKNOWN:
        here = json.loads(INDEX_MANIFEST.read_text()) if INDEX_MANIFEST.is_file() else {}
        same = here.get("content") == clues.index
        detail = f"{INDEX_MANIFEST.parent} holds " + ("this index" if same else "another index")
        yield Link("index", clues.index, "verified" if same else "recorded", detail)


def _ledger(clues: _Clues) -> Iterator[Link]:
    """DVC's hashes of the artifacts and of the data."""
    recorded = {
        k.removeprefix("dvc."): v
        for k, v in (clues.version.tags if clues.version else {}).items()
        if k.startswith("dvc.")
    }
    lock = _lock_hashes()
    for path, md5 in sorted(recorded.items()):
        here = lock.get(f"artifacts/{path}")
        state = "verified" if here == md5 else "recorded"
        detail = "as dvc.lock records it" if here == md5 else "dvc.lock has moved on"
        yield Link(f"artifact {path}", md5, state, detail)
    if clues.data in _UNKNOWN:
        yield Link("data", "", "missing", "no record says which data")
        return
    now = _data_hash(Path("data.dvc").read_text()) if Path("data.dvc").exists() else ""
    then = _data_hash(_git("show", f"{clues.git.removesuffix('-dirty')}:data.dvc"))
    if clues.data == then:
        yield Link("data", clues.data, "verified", "data.dvc at that commit")
    elif clues.data == now:
        yield Link("data", clues.data, "verified", "data.dvc as it is now")
    elif then:
        yield Link("data", clues.data, "recorded", f"data.dvc at that commit says {then}")
    else:
        yield Link("data", clues.data, "recorded", "data.dvc at that commit is not to be had")


def _code(clues: _Clues) -> Iterator[Link]:
    """The commit, and the lock of the environment at that commit."""
    if clues.git in _UNKNOWN:
        yield Link("git commit", "", "missing", "no record says which code")
        return
    commit = clues.git.removesuffix("-dirty")
    subject = _git("log", "-1", "--format=%ad %s", "--date=short", commit)
    if clues.git.endswith("-dirty"):
        yield Link("git commit", clues.git, "missing", "the code had changes that no commit has")
    elif subject:
        yield Link("git commit", commit, "verified", subject.strip())
    else:
        yield Link("git commit", commit, "recorded", "not in this clone")
    if clues.environment in _UNKNOWN:
        return
    pins = _git("show", f"{commit}:constraints.txt")
    digest = hashlib.sha256(pins.encode()).hexdigest()[: len(clues.environment)]
    if pins and digest == clues.environment:
        yield Link("environment", clues.environment, "verified", "constraints.txt at that commit")
    else:
        state = "differs" if pins and not clues.git.endswith("-dirty") else "recorded"
        yield Link("environment", clues.environment, state, "digest of constraints.txt")


def _lock_hashes() -> dict[str, str]:
    path = Path("dvc.lock")
    stages = (yaml.safe_load(path.read_text()) or {}).get("stages", {}) if path.exists() else {}
    return {o["path"]: str(o.get("md5")) for s in stages.values() for o in s.get("outs", [])}


def _data_hash(text: str) -> str:
    outs = (yaml.safe_load(text) or {}).get("outs", []) if text else []
    return str(outs[0].get("md5", "")) if outs else ""


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None


def chain_text(chain: Chain) -> str:
    """A chain for a terminal."""
    marks = {"verified": "ok ", "recorded": "-  ", "differs": "!! ", "missing": "?  "}
    width = max(len(link.kind) for link in chain.links)
    lines = [
        f"{marks[link.state]} {link.kind:<{width}}  {link.value or '(none)'}"
        + (f"\n    {'':<{width}}  {link.detail}" if link.detail else "")
        for link in chain.links
    ]
    counts = ", ".join(
        f"{n} {state}"
        for state in ("verified", "recorded", "missing", "differs")
        if (n := sum(link.state == state for link in chain.links))
    )
    return "\n".join([*lines, "", f"{len(chain.links)} links: {counts}"])
