"""The model registry: versions, the aliases ``challenger`` and ``champion``, and why each was moved.

Every move of ``champion`` is a line of the history that the registered model keeps as a tag: which version, when,
by whom, for what reason. Rolling back is a move too. The registry is MLflow's (``havoc.tracking``).
"""

from __future__ import annotations

import getpass
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from havoc.errors import InputError, nearest
from havoc.tracking import patiently, tracking_uri

MODEL = "havoc"
CHAMPION, CHALLENGER = "champion", "challenger"
HISTORY = "champion.history"
KEPT_MOVES = 40  # a tag holds a few thousand characters

# What may not fall below the champion's figure by more than this, and which metric counts its trials: beyond the
# tolerance a drop must also be more than chance (one-sided, two proportions, 5 %).
GATES = {
    "programs.phrasing.result": (0.02, "programs.pairs"),
    "programs.combination.result": (0.02, "programs.pairs"),
    "requests.dev.share": (0.02, "requests.dev.count"),
}
_Z = 1.645


@dataclass(frozen=True)
class Version:
    """One version of the registered model."""

    number: int
    run_id: str
    aliases: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """One move of the champion."""

    version: int
    at: str
    by: str
    reason: str


def model_name(profile: str = "laptop") -> str:
    """Each profile has its own line of champions: figures of a quick run say nothing about a real one."""
    return MODEL if profile == "laptop" else f"{MODEL}-{profile}"


def failed_gates(new: Mapping[str, float], champion: Mapping[str, float]) -> list[str]:
    """The gates that ``new`` fails against the champion's figures, each as a sentence."""
    failed = []
    for name, (tolerance, count) in GATES.items():
        if name not in champion:
            continue
        p, q = new.get(name, 0.0), champion[name]
        n, m = new.get(count, 0.0), champion.get(count, 0.0)
        noise = _Z * math.sqrt(p * (1 - p) / n + q * (1 - q) / m) if n > 0 and m > 0 else 0.0
        if p < q - max(tolerance, noise):
            failed.append(f"{name} {p:.4f} is below the champion's {q:.4f}")
    return failed


def logged_by(client: Any, run: Any) -> list[Any]:
    """The models that a run has logged, finished or not, as MLflow's client gives them."""
    return list(
        client.search_logged_models(
            [run.info.experiment_id], filter_string=f"source_run_id = '{run.info.run_id}'"
        )
    )


class Registry:
    """The registry of one model.

    Parameters
    ----------
    name : of the registered model.
    uri : the MLflow server or database; by default where runs are logged.
    """

    def __init__(self, name: str = MODEL, uri: str | None = None) -> None:
        try:
            import mlflow
        except ModuleNotFoundError:
            raise InputError(
                "the model registry needs mlflow; run pip install 'havoc[pipeline]'"
            ) from None
        self.name = name
        self.client: Any = mlflow.MlflowClient(uri or tracking_uri())

    def ensure(self) -> None:
        """Make the registered model where it does not exist."""
        if self._model() is None:
            patiently(lambda: self.client.create_registered_model(self.name))

    def _model(self) -> Any:
        from mlflow.exceptions import MlflowException

        try:
            return patiently(lambda: self.client.get_registered_model(self.name))
        except MlflowException as error:
            if getattr(error, "error_code", "") != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None

    def versions(self) -> list[Version]:
        """All versions, newest first, with the figures of their evaluation."""
        model = self._model()
        if model is None:
            return []
        # ``search`` gives the tags but not the aliases, the model the aliases by version
        aliases: dict[str, list[str]] = {}
        for alias, number in dict(model.aliases).items():
            aliases.setdefault(str(number), []).append(alias)
        found = patiently(lambda: self.client.search_model_versions(f"name='{self.name}'"))
        rows = [self._version(v, tuple(sorted(aliases.get(str(v.version), ())))) for v in found]
        return sorted(rows, key=lambda v: -v.number)

    def _version(self, entry: Any, aliases: tuple[str, ...]) -> Version:
        from mlflow.exceptions import MlflowException

        figures: dict[str, float] = {}
        if entry.run_id:
            try:
                figures = dict(patiently(lambda: self.client.get_run(entry.run_id)).data.metrics)
            except MlflowException:
                figures = {}  # the run was deleted; the version stands
        return Version(
            int(entry.version),
            str(entry.run_id or ""),
            aliases,
            dict(entry.tags),
            str(entry.source or ""),
            figures,
        )

    def get(self, number: int | str) -> Version:
        """A version by its number or alias, or an error with those that exist."""
        found = self.versions()
        for version in found:
            if str(version.number) == str(number) or str(number) in version.aliases:
                return version
        known = [str(v.number) for v in found] + [a for v in found for a in v.aliases]
        hint = nearest(str(number), known) or (
            f"; there are {', '.join(known)}" if known else "; nothing is registered yet"
        )
        raise InputError(f"there is no version '{number}' of the model '{self.name}'{hint}")

    def champion(self) -> Version | None:
        """The version that serves, if there is one."""
        return next((v for v in self.versions() if CHAMPION in v.aliases), None)

    def history(self) -> list[Move]:
        """Moves of the champion, oldest first."""
        model = self._model()
        text = dict(model.tags).get(HISTORY, "[]") if model is not None else "[]"
        return [Move(**entry) for entry in json.loads(text)]

    def promote(self, number: int | str, reason: str, by: str = "") -> Move:
        """Make a version the champion.

        Raises
        ------
        InputError
            If there is no such version, it is champion already, or no reason is given.
        """
        if not reason.strip():
            raise InputError("why? a promotion needs a reason: --reason '...'")
        version = self.get(number)
        if CHAMPION in version.aliases:
            raise InputError(f"version {version.number} is the champion already")
        return self._move(version.number, reason.strip(), by or _who())

    def rollback(self, reason: str, by: str = "") -> Move:
        """Make the version that was champion before this one champion again."""
        if not reason.strip():
            raise InputError("why? a rollback needs a reason: --reason '...'")
        current = self.champion()
        if current is None:
            raise InputError(f"the model '{self.name}' has no champion to roll back")
        standing = {v.number for v in self.versions()}
        before = _previous(self.history(), current.number, standing)
        if before is None:
            raise InputError(f"version {current.number} is the first champion: nothing before it")
        text = f"rolled back from version {current.number}: {reason.strip()}"
        return self._move(before, text, by or _who())

    def _move(self, number: int, reason: str, by: str) -> Move:
        move = Move(number, datetime.now(UTC).isoformat(timespec="seconds"), by, reason)
        moves = [vars(m) for m in [*self.history(), move]][-KEPT_MOVES:]
        # the reason first: a crash between leaves a reason without a move, never a move without a reason
        patiently(
            lambda: self.client.set_registered_model_tag(self.name, HISTORY, json.dumps(moves))
        )
        patiently(
            lambda: self.client.set_model_version_tag(self.name, str(number), "decision", reason)
        )
        patiently(lambda: self.client.set_registered_model_alias(self.name, CHAMPION, str(number)))
        return move

    def decide(self, number: int, figures: Mapping[str, float], comparable: str) -> dict[str, Any]:
        """Make a version the challenger, and the champion if it passes the gates; the reason is kept.

        Parameters
        ----------
        comparable
            Digest of what the figures were measured on; gates are for a champion measured on the same.
        """
        patiently(
            lambda: self.client.set_registered_model_alias(self.name, CHALLENGER, str(number))
        )
        current = self.champion()
        if current is not None and current.number == number:
            return _decision(number, True, f"version {number} is champion already")
        if current is None:
            reason = f"version {number} is champion: the first version"
        elif current.tags.get("evaluated_on") != comparable:
            reason = (
                f"version {number} is champion: version {current.number} was measured on other requests,"
                " which says nothing about these"
            )
        else:
            failed = failed_gates(figures, current.figures)
            if failed:
                reason = f"version {number} is not champion: " + "; ".join(failed)
                patiently(
                    lambda: self.client.set_model_version_tag(
                        self.name, str(number), "decision", reason
                    )
                )
                return _decision(number, False, reason)
            reason = f"version {number} is champion: no worse than version {current.number}"
        self._move(number, reason, "gates")
        return _decision(number, True, reason)


def _decision(number: int, moved: bool, reason: str) -> dict[str, Any]:
    return {"version": str(number), "moved": moved, "reason": reason}


def _previous(history: list[Move], current: int, standing: set[int]) -> int | None:
    """The champion before the present one, a rollback taking its move back."""
    stack: list[int] = []
    for move in history:
        if len(stack) > 1 and stack[-2] == move.version and move.reason.startswith("rolled back"):
            stack.pop()
        else:
            stack.append(move.version)
    while stack and stack[-1] != current:  # announced, but the alias was never moved
        stack.pop()
    while stack and (stack[-1] == current or stack[-1] not in standing):
        stack.pop()
    return stack[-1] if stack else None


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def download(name: str, number: str, folder: Path) -> None:
    """Copy a registered model's artifacts into a folder."""
    import mlflow

    mlflow.set_tracking_uri(tracking_uri())
    mlflow.artifacts.download_artifacts(
        artifact_uri=f"models:/{name}/{number}", dst_path=str(folder)
    )
