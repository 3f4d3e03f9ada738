"""Dagster and DVC never disagree about what is stale, whatever changed and whichever of them ran the steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from small_project import fresh_definitions, inside, stale_in_dagster, stale_in_dvc

pytestmark = pytest.mark.timeout(3600)  # each runs the whole graph
TEXT = {"corpus", "tokenizer", "tokens", "pair_tokens", "rag_index"}
MODEL = {"pretrain", "finetune", "evaluate", "bento"}
EVERYTHING = TEXT | MODEL | {"curriculum"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with inside(tmp_path_factory.mktemp("project")) as folder:
        yield folder


def by_dvc(instance: dg.DagsterInstance) -> None:
    """``dvc repro`` in a terminal, then a tick of the sensor."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        repo.reproduce()
    look(instance)


def look(instance: dg.DagsterInstance) -> None:
    fresh_definitions()
    from pipelines.defs.sensors import report_unknown

    report_unknown(instance)


def by_dagster(instance: dg.DagsterInstance) -> None:
    """The job ``pipeline``, after the observation of data/ that the sensor makes."""
    definitions = fresh_definitions()
    from pipelines.defs.sensors import observe_data

    observe_data(instance)
    result = definitions.resolve_job_def("pipeline").execute_in_process(instance=instance)
    assert result.success


def edit(path: str) -> Callable[[], None]:
    return lambda: Path(path).write_text(Path(path).read_text() + "# changed\n")


def set_param(name: str, *values: str) -> Callable[[], None]:
    """Give a parameter the first of some values that it has not now: every call is a change."""

    def change() -> None:
        path = Path("params.yaml")
        text = path.read_text()
        [now] = re.findall(rf"^ *{name}: (.*)$", text, flags=re.M)
        value = next(v for v in values if v != now)
        path.write_text(re.sub(rf"^( *{name}): .*$", rf"\1: {value}", text, flags=re.M))

    return change


def add_data() -> None:
    number = len(list(Path("data/stats").glob("new-*.txt")))
    Path(f"data/stats/new-{number}.txt").write_text("new text\n" * (5 + number))


# what changes, how, and which steps that makes stale
CHANGES: dict[str, tuple[Callable[[], None], set[str]]] = {
    "a data file is edited": (edit("data/math/a.txt"), TEXT | MODEL),
    "a data file is added": (add_data, TEXT | MODEL),
    "a parameter of the text": (
        set_param("pairs", "91000", "92000"),
        EVERYTHING - {"corpus", "rag_index"},
    ),
    "a parameter of a training": (
        set_param("finetune_seconds", "431.0", "432.0"),
        MODEL - {"pretrain"},
    ),
    "a configuration file": (edit("configs/srs/default_srs.yaml"), {"evaluate", "bento"}),
    "code of the curriculum": (
        edit("havoc/curriculum/module.py"),
        EVERYTHING - {"corpus", "rag_index"},
    ),
    "code of the trainings": (edit("havoc/training/trainer.py"), MODEL),
    "code of the pairs alone": (
        edit("pipelines/pairs.py"),
        {"pair_tokens"} | MODEL - {"pretrain"},
    ),
    "a version of a package": (set_param("torch", "2.14.0", "2.14.1"), MODEL),
    "the lock of the service": (edit("requirements-serve.txt"), {"evaluate", "bento"}),
}


def test_before_anything_ran_both_want_everything(instance: dg.DagsterInstance) -> None:
    assert stale_in_dvc() == stale_in_dagster(instance) == EVERYTHING


QUICK = ("a data file is edited", "a parameter of a training", "code of the pairs alone")


@pytest.mark.parametrize(
    ("kind", "run"),
    [
        pytest.param(
            kind,
            run,
            id=f"{kind} after {run.__name__}",
            marks=() if kind in QUICK and (i + j) % 2 else pytest.mark.slow,
        )
        for i, kind in enumerate(CHANGES)
        for j, run in enumerate((by_dvc, by_dagster))
    ],
)
def test_after_a_change_and_after_a_run_they_agree(
    instance: dg.DagsterInstance,
    kind: str,
    run: Callable[[dg.DagsterInstance], None],
) -> None:
    run(instance)
    assert stale_in_dvc() == stale_in_dagster(instance) == set()
    change, expected = CHANGES[kind]
    change()
    from pipelines.defs.sensors import observe_data

    observe_data(instance)
    assert stale_in_dvc() == stale_in_dagster(instance) == expected


@pytest.mark.slow
def test_a_result_declared_still_valid_is_so_for_both(instance: dg.DagsterInstance) -> None:
    """``dvc commit`` after an edit that changes nothing in the results, such as a comment's."""
    from dvc.repo import Repo

    by_dagster(instance)
    edit("havoc/training/trainer.py")()
    assert stale_in_dagster(instance) == MODEL
    with Repo(".") as repo:
        repo.commit("pretrain", force=True)
        repo.commit("finetune", force=True)
    look(instance)
    # the bento carries the code itself, so it is rightly made again
    assert stale_in_dvc() == stale_in_dagster(instance) == {"bento"}


@pytest.mark.slow
def test_a_step_that_fails_says_its_one_line_and_leaves_both_wanting_it(
    instance: dg.DagsterInstance,
) -> None:
    by_dvc(instance)
    edit("pipelines/pairs.py")()
    Path("FAIL").write_text("finetune")
    job = fresh_definitions().resolve_job_def("pipeline")
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    [failure] = [e for e in result.all_events if e.event_type_value == "STEP_FAILURE"]
    line = failure.step_failure_data.user_failure_data.description  # type: ignore[union-attr]
    assert line == "finetune: the disk is full (0 MB free): make room and run it again"
    assert stale_in_dvc() == stale_in_dagster(instance) == {"finetune", "evaluate", "bento"}
    Path("FAIL").unlink()
    by_dagster(instance)
    assert stale_in_dvc() == stale_in_dagster(instance) == set()
