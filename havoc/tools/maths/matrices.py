"""Matrix algebra on small matrices, exact in the decimal numbers given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import mpmath
import numpy as np

from havoc.errors import InputError
from havoc.tools.operation import Invariant, Param, Recomputed, operation
from havoc.tools.result import Result, table_of

Matrix = tuple[tuple[float, ...], ...]
Exact = list[list[Fraction]]
MAX_SIZE = 60
_GOLUB = "Golub and Van Loan (2013), Matrix Computations, 4th ed., "


def _exact(matrix: Matrix) -> Exact:
    """The decimal numbers as they were written: the shortest text of each float."""
    return [[Fraction(repr(v)) for v in row] for row in matrix]


def _size(matrix: Matrix) -> int:
    n = len(matrix)
    if any(len(row) != n for row in matrix):
        raise InputError(f"a square matrix is needed, not {n} x {len(matrix[0])}")
    _small(matrix)
    return n


def _small(matrix: Matrix) -> None:
    if max(len(matrix), len(matrix[0])) > MAX_SIZE:
        raise InputError(f"at most {MAX_SIZE} rows and columns are taken")


def _eliminate(rows: Exact) -> tuple[Exact, Fraction, list[int]]:
    """Reduced row echelon form, the determinant of a square left part, and the pivot columns."""
    a, determinant, pivots, r = [row[:] for row in rows], Fraction(1), [], 0
    for c in range(len(a[0])):
        p = next((i for i in range(r, len(a)) if a[i][c] != 0), None)
        if p is None:
            continue
        if p != r:
            a[p], a[r], determinant = a[r], a[p], -determinant
        pivot = a[r][c]
        determinant *= pivot
        a[r] = [v / pivot for v in a[r]]
        for i in range(len(a)):
            if i != r and a[i][c] != 0:
                factor = a[i][c]
                a[i] = [v - factor * w for v, w in zip(a[i], a[r], strict=True)]
        pivots.append(c)
        r += 1
        if r == len(a):
            break
    return a, determinant, pivots


def _determinant(a: Exact) -> Fraction:
    _, value, pivots = _eliminate(a)
    return value if len(pivots) == len(a) else Fraction(0)


def _characteristic(a: Exact) -> list[Fraction]:
    """Coefficients of det(xI - A), highest first, by Faddeev and LeVerrier."""
    n = len(a)
    coefficients, m = [Fraction(1)], [[Fraction(0)] * n for _ in range(n)]
    for k in range(1, n + 1):
        m = _times(a, m)
        for i in range(n):
            m[i][i] += coefficients[-1]
        am = _times(a, m)
        coefficients.append(-sum((am[i][i] for i in range(n)), Fraction(0)) / k)
    return coefficients


def _times(a: Exact, b: Exact) -> Exact:
    columns = list(zip(*b, strict=True))
    return [
        [sum((x * y for x, y in zip(r, c, strict=True)), Fraction(0)) for c in columns] for r in a
    ]


def _floats(a: Exact) -> list[list[float]]:
    return [[float(v) for v in row] for row in a]


def _matrix_table(name: str, rows: list[list[float]]) -> Any:
    return table_of(name, [f"c{j}" for j in range(1, len(rows[0]) + 1)], rows)


def _verify_determinant(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """From the characteristic polynomial: det(A) = (-1)^n times its constant term."""
    a = _exact(arguments["matrix"])
    constant = _characteristic(a)[-1]
    return {"determinant": float(constant * (-1) ** len(a)), "n": len(a)}


@operation(
    "maths.determinant",
    outputs={"determinant": "determinant", "n": "rows"},
    reference=_GOLUB + "section 3.2",
    verifier=_verify_determinant,
    examples=("r = maths.determinant([[2, 1], [5, 3]])",),
    terms=("determinant",),
)
def determinant(matrix: Annotated[Matrix, Param("square matrix")]) -> Result:
    """Find the determinant of a matrix, in exact arithmetic."""
    n = _size(matrix)
    value = float(_determinant(_exact(matrix)))
    return Result({"determinant": value, "n": n}, "The determinant is {determinant}.")


def _verify_inverse(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """By cofactors of the adjugate for small matrices, by floating-point LU for large ones."""
    a = _exact(arguments["matrix"])
    n = len(a)
    if n > 6:
        again, tolerance = np.linalg.inv(np.array(_floats(a))).tolist(), 1e-6
    else:
        whole = _determinant(a)

        def cofactor(i: int, j: int) -> Fraction:
            if n == 1:
                return Fraction(1)
            minor = [[v for c, v in enumerate(row) if c != j] for r, row in enumerate(a) if r != i]
            return _determinant(minor) * (-1) ** (i + j)

        again = [[float(cofactor(j, i) / whole) for j in range(n)] for i in range(n)]
        tolerance = 1e-12
    return {"inverse": Recomputed(again, tolerance), "determinant": float(_determinant(a))}


@operation(
    "maths.inverse",
    outputs={"inverse": "inverse matrix, row by row", "determinant": "determinant"},
    reference=_GOLUB + "section 3.4",
    verifier=_verify_inverse,
    examples=("r = maths.inverse([[4, 7], [2, 6]])",),
    terms=("inverse of a matrix", "invert"),
)
def inverse(matrix: Annotated[Matrix, Param("square matrix")]) -> Result:
    """Invert a matrix, in exact arithmetic."""
    n = _size(matrix)
    a = _exact(matrix)
    wide = [row + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(a)]
    reduced, _, pivots = _eliminate(wide)
    if pivots != list(range(n)):
        raise InputError("the matrix is singular (its determinant is 0): it has no inverse")
    rows = _floats([row[n:] for row in reduced])
    return Result(
        {"inverse": rows, "determinant": float(_determinant(a))},
        "The table gives the inverse; the determinant is {determinant}.",
        tables=(_matrix_table("inverse", rows),),
    )


SPAN = 10**30  # of the sizes of the entries, within which 50 digits tell the eigenvalues apart


def _scaled(a: Exact) -> tuple[Exact, Fraction]:
    """The matrix with entries up to about 1, and the power of ten it was divided by.

    Raises
    ------
    InputError
        Entries over more than 30 powers of ten, or a determinant that no floating-point number holds.
    """
    sizes = [abs(v) for row in a for v in row if v]
    if not sizes:
        return a, Fraction(1)
    if max(sizes) > SPAN * min(sizes):
        raise InputError(
            f"the entries run from {float(min(sizes)):.3g} to {float(max(sizes)):.3g} in size: over so many "
            "powers of ten no eigenvalues can be told reliably"
        )
    power = math.floor(math.log10(max(sizes)))
    if abs(power) * len(a) > 300:
        raise InputError(
            f"entries near 1e{power} give a determinant that no floating-point number holds: use another unit"
        )
    scale = Fraction(10) ** power
    return [[v / scale for v in row] for row in a], scale


def _verify_eigen(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The roots of the exact characteristic polynomial."""
    matrix, scale = _scaled(_exact(arguments["matrix"]))
    coefficients = _characteristic(matrix)
    n = len(coefficients) - 1
    with mpmath.workdps(80):
        found = mpmath.polyroots(
            [mpmath.mpf(c.numerator) / c.denominator for c in coefficients],
            maxsteps=2000,
            extraprec=60 * n + 200,
        )
        roots = [complex(r * scale.numerator / scale.denominator) for r in found]
        real, imaginary = _sorted_pairs(roots)
    return {
        "eigenvalues": Recomputed(real, 1e-8),
        "imaginary_parts": Recomputed(imaginary, 1e-8),
        "trace": float(-coefficients[1] * scale),
        "determinant": float(coefficients[-1] * (-scale) ** n),
    }


def _sorted_pairs(values: list[complex]) -> tuple[list[float], list[float]]:
    """Real and imaginary parts, largest real part first; rounding noise in either is dropped."""
    size = max((abs(v) for v in values), default=1.0) or 1.0
    clean = [(v.real, 0.0 if abs(v.imag) < 1e-12 * size else v.imag) for v in values]
    clean.sort(key=lambda v: (-round(v[0] / size, 9), -v[1]))
    return [v[0] for v in clean], [v[1] for v in clean]


@operation(
    "maths.eigenvalues",
    outputs={
        "eigenvalues": "eigenvalues (their real parts), largest first",
        "imaginary_parts": "their imaginary parts",
        "trace": "trace",
        "determinant": "determinant",
    },
    reference=_GOLUB + "chapter 7",
    verifier=_verify_eigen,
    examples=(
        "r = maths.eigenvalues([[2, 1], [1, 3]])",
        "r = maths.eigenvalues([[0, -1], [1, 0]])",
    ),
    terms=("eigenvalues", "eigenvectors", "characteristic values"),
)
def eigenvalues(matrix: Annotated[Matrix, Param("square matrix")]) -> Result:
    """Find the eigenvalues and eigenvectors of a matrix.

    By the QR algorithm in 50-digit arithmetic. Eigenvectors have length 1; of complex eigenvalues
    only the values are given.
    """
    n = _size(matrix)
    if n > 30:
        raise InputError("at most 30 rows are taken for eigenvalues")
    a = _exact(matrix)
    _scaled(a)  # refuses what cannot be told
    with mpmath.workdps(50):
        m = mpmath.matrix([[mpmath.mpf(v.numerator) / v.denominator for v in row] for row in a])
        found, vectors = mpmath.eig(m)
        real, imaginary = _sorted_pairs([complex(v) for v in found])
        order = sorted(range(n), key=lambda j: -complex(found[j]).real)
        columns = [_unit([complex(vectors[i, j]) for i in range(n)]) for j in order]
    trace = float(sum((a[i][i] for i in range(n)), Fraction(0)))
    tables = []
    if not any(imaginary):
        rows = [[value, *(v.real for v in c)] for value, c in zip(real, columns, strict=True)]
        names = ["eigenvalue", *(f"v{i}" for i in range(1, n + 1))]
        tables.append(table_of("eigenvectors", names, rows))
    return Result(
        {
            "eigenvalues": real,
            "imaginary_parts": imaginary,
            "trace": trace,
            "determinant": float(_determinant(a)),
        },
        "The eigenvalues are {eigenvalues}."
        if not any(imaginary)
        else "The eigenvalues have real parts {eigenvalues} and imaginary parts {imaginary_parts}.",
        tables=tuple(tables),
    )


def _unit(vector: list[complex]) -> list[complex]:
    """Length 1, the largest component positive real."""
    largest = max(vector, key=abs)
    length = float(np.sqrt(sum(abs(v) ** 2 for v in vector)))
    return [v / length * (abs(largest) / largest) for v in vector]


def _verify_rank(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The rank of the transpose, by elimination in the other direction."""
    a = _exact(arguments["matrix"])
    transposed = [list(c) for c in zip(*a, strict=True)]
    rank_again = len(_eliminate(transposed)[2])
    return {"rank": rank_again, "nullity": len(a[0]) - rank_again}


@operation(
    "maths.rank",
    outputs={"rank": "rank", "nullity": "dimension of the null space"},
    reference=_GOLUB + "section 2.1",
    verifier=_verify_rank,
    examples=("r = maths.rank([[1, 2], [2, 4], [3, 6]])",),
    terms=("rank of a matrix", "linear independence"),
)
def rank(matrix: Annotated[Matrix, Param("matrix")]) -> Result:
    """Find the rank of a matrix, in exact arithmetic."""
    _small(matrix)
    found = len(_eliminate(_exact(matrix))[2])
    return Result({"rank": found, "nullity": len(matrix[0]) - found}, "The rank is {rank}.")


def _verify_linear(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Cramer's rule in exact arithmetic."""
    a = _exact(arguments["matrix"])
    b = [Fraction(repr(v)) for v in arguments["rhs"]]
    whole = _determinant(a)
    again = []
    for j in range(len(a)):
        replaced = [[*row[:j], b[i], *row[j + 1 :]] for i, row in enumerate(a)]
        again.append(float(_determinant(replaced) / whole))
    norms = [float(np.linalg.norm(m, 2)) for m in (_floats(a), np.linalg.inv(_floats(a)))]
    return {"solution": again, "condition": Recomputed(norms[0] * norms[1], 1e-6)}


@operation(
    "maths.linear_solve",
    outputs={"solution": "solution x of A x = b", "condition": "condition number of A"},
    reference=_GOLUB + "section 3.1",
    verifier=_verify_linear,
    examples=("r = maths.linear_solve([[3, 2], [1, 2]], [18, 2])",),
    terms=("solve a linear system", "Ax = b"),
)
def linear_solve(
    matrix: Annotated[Matrix, Param("square matrix A")],
    rhs: Annotated[tuple[float, ...], Param("right-hand side b", min_length=1)],
) -> Result:
    """Solve the linear system A x = b, in exact arithmetic."""
    n = _size(matrix)
    if len(rhs) != n:
        raise InputError(f"the right-hand side has {len(rhs)} values, the matrix {n} rows")
    wide = [[*row, Fraction(repr(b))] for row, b in zip(_exact(matrix), rhs, strict=True)]
    reduced, _, pivots = _eliminate(wide)
    if pivots != list(range(n)):
        raise InputError("the matrix is singular: there is no solution, or not one only")
    condition = float(np.linalg.cond(np.array(matrix)))
    warnings = []
    if condition > 1e8:
        warnings.append("The matrix is nearly singular: small errors of the data change much.")
    return Result(
        {"solution": [float(row[-1]) for row in reduced], "condition": condition},
        "The solution is {solution}.",
        warnings=tuple(warnings),
    )


def _verify_svd(arguments: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """Singular values are the square roots of the eigenvalues of A'A (exact), or of AA'."""
    a = np.array(arguments["matrix"])
    exact = _exact(arguments["matrix"])
    transposed = [list(c) for c in zip(*exact, strict=True)]
    if len(exact) < len(transposed):
        exact, transposed = transposed, exact
    gram = _times(transposed, exact)
    with mpmath.workdps(50):
        m = mpmath.matrix([[mpmath.mpf(v.numerator) / v.denominator for v in r] for r in gram])
        squares = sorted((max(v, 0) for v in mpmath.eigsy(m, eigvals_only=True)), reverse=True)
        values = [float(mpmath.sqrt(v)) for v in squares]
    norm = float(np.sqrt((a**2).sum()))
    return {
        "singular_values": Recomputed(values, 1e-9),
        "frobenius_norm": norm,
        "sum of squares": Invariant(float(np.sqrt(sum(v * v for v in values))), norm, 1e-9),
    }


@operation(
    "maths.svd",
    outputs={
        "singular_values": "singular values, largest first",
        "frobenius_norm": "square root of the sum of squares of the matrix",
    },
    reference=_GOLUB + "section 2.4",
    verifier=_verify_svd,
    examples=("r = maths.svd([[3, 0], [4, 5]])",),
    terms=("singular value decomposition", "singular values"),
)
def svd(matrix: Annotated[Matrix, Param("matrix")]) -> Result:
    """Find the singular value decomposition of a matrix."""
    _small(matrix)
    u, values, vt = np.linalg.svd(np.array(matrix), full_matrices=False)
    tables = (
        _matrix_table("left singular vectors (columns)", u.tolist()),
        _matrix_table("right singular vectors (columns)", vt.T.tolist()),
    )
    norm = float(np.sqrt((np.array(matrix) ** 2).sum()))
    return Result(
        {"singular_values": values.tolist(), "frobenius_norm": norm},
        "The singular values are {singular_values}.",
        tables=tables,
    )
