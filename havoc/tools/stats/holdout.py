"""A model's error on rows it was not fitted to: a random split into training and test rows, by a seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from havoc.errors import InputError
from havoc.tools.expression import Formula
from havoc.tools.formula import Model
from havoc.tools.operation import Param, Recomputed, operation
from havoc.tools.result import Figure, Result
from havoc.tools.stats.regression import model_from
from havoc.tools.values import FloatArray, Sample, Table


def split_rows(n: int, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Training and test rows: the first ``ceil(share n)`` of a Mersenne Twister permutation are the test.

    The same rows as scikit-learn's ``train_test_split(test_size=share, random_state=seed)``.
    """
    order = np.random.RandomState(seed).permutation(n)
    held = math.ceil(share * n - 1e-9)
    kept = math.floor((1 - share) * n + 1e-9)
    return order[held : held + kept].tolist(), order[:held].tolist()


def split_rows_again(n: int, share: float, seed: int) -> tuple[list[int], list[int]]:
    """The same from the generator's raw words: Fisher-Yates, each index by masked rejection."""
    bits = np.random.MT19937()
    bits._legacy_seeding(seed)  # type: ignore[attr-defined]
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        mask = (1 << i.bit_length()) - 1
        while (j := int(bits.random_raw()) & mask) > i:
            pass
        order[i], order[j] = order[j], order[i]
    held = -int(-(share * n - 1e-9) // 1)
    return order[held : held + int((1 - share) * n + 1e-9)], order[:held]


@dataclass(frozen=True)
class _Split:
    model: Model
    x: FloatArray  # (n, p)
    y: FloatArray  # (n,)
    train: list[int]
    test: list[int]


def _prepared(arguments: Mapping[str, Any], split: Any) -> _Split:
    model = model_from(arguments["formula"], arguments["data"], arguments["y"], arguments["x"])
    x, y = model.matrix(), model.response.floats
    model.refuse_far_from_zero()
    share = arguments["test_share"]
    train, test = split(len(y), share, arguments["seed"])
    if len(test) < 2 or len(train) <= x.shape[1]:
        raise InputError(
            f"{len(y)} rows split into {len(train)} and {len(test)} are too few: at least {x.shape[1] + 1} rows "
            f"to fit {x.shape[1]} coefficients and 2 to test are needed"
        )
    if np.linalg.matrix_rank(x[train] / np.abs(x).max(axis=0)) < x.shape[1]:
        raise InputError(
            "the training rows do not determine all coefficients: a predictor repeats others"
        )
    if arguments["model"] == "logistic" and set(np.unique(y)) != {0.0, 1.0}:
        raise InputError(
            f"a logistic model needs a response of 0 and 1; '{model.response_name}' has other values"
        )
    return _Split(model, x, y, train, test)


def _figures(y: FloatArray, predicted: FloatArray, logistic: bool) -> dict[str, float]:
    error = y - predicted
    found = {"mse": float(np.mean(error**2))}
    if not logistic:
        total = float(((y - y.mean()) ** 2).sum())
        found |= {
            "rmse": math.sqrt(found["mse"]),
            "mae": float(np.abs(error).mean()),
            **({"r2": 1 - float((error**2).sum()) / total} if total > 0 else {}),
        }
    if set(np.unique(y)) <= {0.0, 1.0}:
        found["accuracy"] = float(np.mean((predicted >= 0.5) == (y == 1)))
    return found


def _logistic(x: FloatArray, y: FloatArray) -> FloatArray:
    """Newton's method; separated classes have no finite maximum."""
    scale = np.abs(x).max(axis=0)
    z, beta = x / scale, np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-z @ beta))
        step = np.linalg.solve((z * (p * (1 - p) + 1e-300)[:, None]).T @ z, z.T @ (y - p))
        beta = beta + step
        if not np.isfinite(beta).all() or np.abs(beta).max() > 500:
            break
        if np.abs(step).max() < 1e-12 * max(1.0, np.abs(beta).max()):
            return np.asarray(beta / scale)
    raise InputError(
        "the training rows separate the two classes perfectly; the logistic model has no finite fit"
    )


def _predicted(s: _Split, logistic: bool) -> FloatArray:
    if logistic:
        return np.asarray(1 / (1 + np.exp(-s.x[s.test] @ _logistic(s.x[s.train], s.y[s.train]))))
    scale = np.abs(s.x).max(axis=0)
    beta = np.linalg.lstsq(s.x[s.train] / scale, s.y[s.train], rcond=None)[0] / scale
    return np.asarray(s.x[s.test] @ beta)


def _verify(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """statsmodels on rows split from the generator's raw words."""
    import statsmodels.api as sm

    s = _prepared(arguments, split_rows_again)
    logistic = arguments["model"] == "logistic"
    kind = sm.Logit if logistic else sm.OLS
    fit = kind(s.y[s.train], s.x[s.train]).fit(
        **({"disp": 0, "tol": 1e-12} if logistic else {"method": "qr"})
    )
    found = _figures(s.y[s.test], np.asarray(fit.predict(s.x[s.test])), logistic)
    return {
        **{k: Recomputed(v, 1e-6) for k, v in found.items()},
        "n_train": len(s.train),
        "n_test": len(s.test),
    }


@operation(
    "stats.holdout",
    outputs={
        "mse": "mean squared error on the test rows",
        "rmse": "its square root, in the units of the response",
        "mae": "mean absolute error on the test rows",
        "r2": "share of the test rows' variance explained (can be negative)",
        "accuracy": "share of test rows classified right at 0.5 (response of 0 and 1)",
        "n_train": "rows fitted to",
        "n_test": "rows tested on",
    },
    reference="Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, section 7.2",
    verifier=_verify,
    examples=(
        "r = stats.holdout(y=[2.1, 3.9, 6.2, 7.8, 10.1, 12.2, 13.8, 16.1, 18.0, 20.2], "
        "x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], test_share=30%, seed=42)",
    ),
    terms=(
        "train test split",
        "test set error",
        "prediction error on new rows",
        "machine learning",
        "holdout",
    ),
    tolerance=1e-6,
)
def holdout(
    formula: Annotated[Formula | None, Param("model such as y ~ x1 + x2")] = None,
    data: Annotated[Table | None, Param("table with the formula's columns")] = None,
    y: Annotated[Sample | None, Param("response, instead of a formula", min_length=6)] = None,
    x: Annotated[tuple[Sample, ...] | None, Param("predictor column or columns")] = None,
    test_share: Annotated[
        float, Param("share of the rows kept for the test", gt=0, lt=1, fraction=True)
    ] = 0.2,
    seed: Annotated[int, Param("seed of the random split", ge=0, le=2**32 - 1)] = 42,
    model: Annotated[
        Literal["linear", "logistic"], Param("least squares, or logistic regression")
    ] = "linear",
) -> Result:
    """Fit a regression to a random part of the rows and measure its error on the rest (train and test split).

    The split is the one scikit-learn makes with the same share and seed. Rows with a missing cell are left out first.
    """
    arguments = {
        "formula": formula, "data": data, "y": y, "x": x,
        "test_share": test_share, "seed": seed, "model": model,
    }  # fmt: skip
    s = _prepared(arguments, split_rows)
    logistic = model == "logistic"
    predicted = _predicted(s, logistic)
    values: dict[str, Any] = {
        **_figures(s.y[s.test], predicted, logistic),
        "n_train": len(s.train),
        "n_test": len(s.test),
    }
    name = s.model.response_name
    text = (
        "On {n_test} rows kept back, the model of {n_train} rows has a mean squared error of {mse}"
        + (" and classifies {accuracy} of them right" if "accuracy" in values else "")
        + (", an R² of {r2}" if "r2" in values and "accuracy" not in values else "")
    )
    return Result(
        values=values,
        conclusion=text + ".",
        figures=(
            ()
            if logistic
            else (
                Figure(
                    "scatter",
                    f"Predicted and observed {name}, test rows",
                    {
                        "x": s.y[s.test].tolist(),
                        "y": predicted.tolist(),
                        "labels": [f"{name}, observed", f"{name}, predicted"],
                        "diagonal": True,
                    },
                ),
            )
        ),
        warnings=(
            *(
                [f"{s.model.n_dropped} rows with a missing cell were left out before the split."]
                if s.model.n_dropped
                else []
            ),
            *(
                [f"Only {len(s.test)} test rows: another seed would give quite another error."]
                if len(s.test) < 30
                else []
            ),
        ),
    )
