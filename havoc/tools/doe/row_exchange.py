"""Row exchange for optimal designs over a list of candidate runs, many designs at once.

Each run in turn is replaced by the candidate that improves the criterion most: the modified Fedorov
exchange of Cook and Nachtsheim (1980), Technometrics 22, 315-324. All designs of a batch move
together. What a step needs of all candidates is kept up to date by the rank-one formulas, never
computed anew:

* ``inverse`` K, the inverse of X'X;
* ``variance`` d = c'Kc of every candidate c;
* for trace criteria, ``spread`` G = K W K and ``weighted`` c'Gc.

The best designs found are then partly taken apart and climbed again (iterated local search, Lourenco,
Martin and Stutzle 2003), which finds better designs in less time than new random starts do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from havoc.tools.doe.design_model import IntArray
from havoc.tools.values import FloatArray

RIDGE = 1e-9
GAIN = 1e-7  # relative improvement below which a run stays
MAX_PASSES = 40
BATCH = (4, 60)  # designs that climb together, between these: what fits the processor's cache
CACHED = 14_000  # candidate variances
FRESH = 12  # one in so many later searches begins anew
KEEP = 3  # best designs that are taken apart again
UNSETTLED = 1e5  # a variance above it: the design is (nearly) singular, so sums drift


@dataclass
class _State:
    """A batch of designs (s, n) as candidate numbers, with what is kept of them."""

    design: IntArray
    inverse: FloatArray  # (s, p, p)
    variance: FloatArray  # (s, candidates)
    spread: FloatArray | None = None  # (s, p, p)
    weighted: FloatArray | None = None  # (s, candidates)


@dataclass(frozen=True)
class Candidates:
    """Model rows to choose from (candidates, p), runs that stay (m, p), and the criterion.

    ``weight`` is None for D; otherwise the criterion is trace(inverse(X'X) weight).
    """

    rows: FloatArray
    fixed: FloatArray
    weight: FloatArray | None = None

    @property
    def parameters(self) -> int:
        return self.rows.shape[1]

    def information(self, design: IntArray) -> FloatArray:
        x = self.rows[design]
        return np.asarray(np.swapaxes(x, -1, -2) @ x + self.fixed.T @ self.fixed)

    def score(self, design: IntArray) -> FloatArray:
        """The criterion of each design, larger is better; -inf where a term cannot be estimated."""
        information = self.information(design)
        return criterion_of(information, self.weight, design.shape[-1] + len(self.fixed))

    def greedy(self, starts: int, runs: int, generator: np.random.Generator) -> IntArray:
        """Designs that grow from a few random runs by the candidate of largest variance."""
        count, p = self.rows.shape
        drawn = min(runs, max(2, p // 5))
        design = np.empty((starts, runs), dtype=np.intp)
        design[:, :drawn] = generator.integers(0, count, (starts, drawn))
        inverse: FloatArray = np.asarray(
            np.linalg.inv(self.information(design[:, :drawn]) + 1e-3 * np.eye(p)), dtype=np.float64
        )
        variance = self._variances(inverse)
        each = np.arange(starts)
        for i in range(drawn, runs):
            pick = variance.argmax(axis=1)
            u = (inverse @ self.rows[pick][:, :, None])[:, :, 0]
            share = 1 / (1 + variance[each, pick])
            inverse -= (u * share[:, None])[:, :, None] * u[:, None, :]
            variance -= (u @ self.rows.T) ** 2 * share[:, None]
            design[:, i] = pick
        return design

    def climb(self, design: IntArray) -> IntArray:
        """Exchange runs until no single exchange improves any design of the batch."""
        design = design.copy()
        starts, runs = design.shape
        alive, quiet = np.arange(starts), np.zeros(starts, dtype=np.intp)
        state: _State | None = None
        for _ in range(MAX_PASSES):
            state = self._begin(design[alive], state)
            for i in range(runs):
                quiet = np.where(self._exchange(state, i), 0, quiet + 1)
                if (quiet >= runs).all():
                    break
            design[alive] = state.design
            going = quiet < runs
            if not going.any():
                break
            alive, quiet = alive[going], quiet[going]
            state = _part(state, going)
        return design

    def _begin(self, design: IntArray, known: _State | None) -> _State:
        """Inverses afresh in each pass; the candidates' sums only where they may have drifted."""
        ridge = RIDGE * design.shape[1] * np.eye(self.parameters)
        inverse = np.linalg.inv(self.information(design) + ridge)
        if known is not None and float(known.variance.max()) < UNSETTLED:
            known.inverse = inverse
            if self.weight is not None:
                known.spread = inverse @ self.weight @ inverse
            return known
        state = _State(design.copy(), inverse, self._variances(inverse))
        if self.weight is not None:
            state.spread = inverse @ self.weight @ inverse
            state.weighted = self._variances(state.spread)
        return state

    def _variances(self, matrix: FloatArray) -> FloatArray:
        """c'Mc of every candidate c, for each matrix."""
        return np.stack([((self.rows @ m) * self.rows).sum(axis=1) for m in matrix])

    def _exchange(self, state: _State, i: int) -> npt.NDArray[np.bool_]:
        """Replace run ``i`` of each design by its best candidate; which designs changed."""
        s = len(state.design)
        each, at = np.arange(s), state.design[:, i]
        old = self.rows[at]  # (s, p)
        k_old = (state.inverse @ old[:, :, None])[:, :, 0]
        cross = k_old @ self.rows.T  # (s, candidates)
        own = state.variance[each, at]
        ratio = cross * cross
        ratio += (1 + state.variance) * (1 - own)[:, None]  # det after / det before
        g_old = None
        if state.spread is None:
            pick = ratio.argmax(axis=1)
            moved = ratio[each, pick] > 1 + GAIN
        else:
            g_old = (state.spread @ old[:, :, None])[:, :, 0]
            gain = self._trace_gain(state, at, own, cross, g_old @ self.rows.T, ratio)
            pick = gain.argmax(axis=1)
            assert self.weight is not None
            trace = (state.inverse * self.weight).sum(axis=(1, 2))
            moved = gain[each, pick] > GAIN * trace
        if moved.any():
            self._apply(state, np.flatnonzero(moved), i, pick, k_old, cross, g_old)
        return moved

    def _trace_gain(
        self,
        state: _State,
        at: IntArray,
        own: FloatArray,
        cross: FloatArray,
        g_cross: FloatArray,
        ratio: FloatArray,
    ) -> FloatArray:
        """By how much trace(K W) falls: the 2x2 core of the Woodbury identity."""
        assert state.weighted is not None
        g_own = state.weighted[np.arange(len(at)), at]
        core = (own - 1)[:, None] * state.weighted
        core += (1 + state.variance) * g_own[:, None]
        core -= 2 * cross * g_cross
        return np.where(ratio > 1e-12, core / -np.where(ratio > 1e-12, ratio, 1), -np.inf)

    def _apply(
        self,
        state: _State,
        m: IntArray,
        i: int,
        pick: IntArray,
        k_old: FloatArray,
        cross: FloatArray,
        g_old: FloatArray | None,
    ) -> None:
        """Sherman-Morrison twice on the designs ``m``: add the new run, then remove the old one."""
        at, to = state.design[m, i], pick[m]
        new, k = self.rows[to], state.inverse[m]
        u = (k @ new[:, :, None])[:, :, 0]
        c_u = u @ self.rows.T
        k_cross = cross[m, to]
        a = 1 / (1 + (u * new).sum(axis=1))
        v = k_old[m] - u * (k_cross * a)[:, None]
        c_v = cross[m] - c_u * (k_cross * a)[:, None]
        left = 1 - (v * self.rows[at]).sum(axis=1)
        b = 1 / np.where(np.abs(left) > 1e-12, left, 1e-12)
        if g_old is not None:
            self._apply_trace(state, m, (at, to), (u, c_u, a), (v, c_v, b))
        state.variance[m] += c_v * c_v * b[:, None] - c_u * c_u * a[:, None]
        k += (v * b[:, None])[:, :, None] * v[:, None, :]
        k -= (u * a[:, None])[:, :, None] * u[:, None, :]
        state.inverse[m] = k
        state.design[m, i] = to

    def _apply_trace(
        self,
        state: _State,
        m: IntArray,
        runs: tuple[IntArray, IntArray],
        added: tuple[FloatArray, FloatArray, FloatArray],
        removed: tuple[FloatArray, FloatArray, FloatArray],
    ) -> None:
        """The same two steps for G = K W K and every candidate's c'Gc."""
        assert state.spread is not None
        assert state.weighted is not None
        for at, (u, c_u, factor), sign in ((runs[1], added, -1), (runs[0], removed, 1)):
            g = state.spread[m]
            f = (sign * factor)[:, None]  # K becomes K + f u u'
            w = (g @ self.rows[at][:, :, None])[:, :, 0]
            inner = (w * self.rows[at]).sum(axis=1)[:, None]
            c_w = w @ self.rows.T
            state.weighted[m] += 2 * f * c_u * c_w + f * f * inner * c_u * c_u
            fu = f * u
            g += fu[:, :, None] * w[:, None, :] + w[:, :, None] * fu[:, None, :]
            g += (fu * inner)[:, :, None] * fu[:, None, :]
            state.spread[m] = g

    def best(
        self,
        runs: int,
        starts: int,
        generator: np.random.Generator,
        given: IntArray | None = None,
    ) -> tuple[IntArray, FloatArray]:
        """The best few designs of ``starts`` local searches, best first, with their scores.

        A batch from grown designs (and ``given`` ones), then batches from the best so far with some
        runs replaced, and a few from random runs.
        """
        batch = max(BATCH[0], min(BATCH[1], CACHED // len(self.rows)))
        first = min(starts, batch)
        design = self.greedy(first, runs, generator)
        if given is not None and len(given):
            design = np.vstack([design, given])
        pool, scores = self._ranked(self.climb(design))
        for left in range(starts - first, 0, -batch):
            size = min(left, batch)
            trial = pool[np.arange(size) % len(pool)].copy()
            for one in trial[size // FRESH :]:
                self._take_apart(one, generator)
            trial[: size // FRESH] = generator.integers(
                0, len(self.rows), trial[: size // FRESH].shape
            )
            both = np.vstack([pool, self.climb(trial)])
            pool, scores = self._ranked(both)
        return pool, scores

    def _take_apart(self, design: IntArray, generator: np.random.Generator) -> None:
        runs = len(design)
        share = generator.integers(max(2, runs // 20), max(3, runs // 7) + 1)
        which = generator.choice(runs, min(runs, int(share)), replace=False)
        design[which] = generator.integers(0, len(self.rows), len(which))

    def _ranked(self, designs: IntArray) -> tuple[IntArray, FloatArray]:
        """The best designs that differ in their criterion."""
        scores = self.score(designs)
        chosen: list[int] = []
        for j in np.argsort(-scores, kind="stable"):
            near = 1e-9 * max(1.0, abs(float(scores[j]))) if np.isfinite(scores[j]) else np.inf
            if all(abs(scores[j] - scores[i]) > near for i in chosen) or not chosen:
                chosen.append(int(j))
            if len(chosen) == KEEP:
                break
        return designs[chosen], scores[chosen]


def criterion_of(information: FloatArray, weight: FloatArray | None, runs: int) -> FloatArray:
    """log det, or minus the trace of inverse(information) weight; -inf where it is singular."""
    p = information.shape[-1]
    usable = np.linalg.eigvalsh(information)[..., 0] > 1e-7 * runs
    if weight is None:
        return np.where(usable, np.linalg.slogdet(information)[1], -np.inf)
    safe = np.where(usable[..., None, None], information, np.eye(p))
    solved = np.linalg.solve(safe, np.broadcast_to(weight, safe.shape))
    return np.where(usable, -np.trace(solved, axis1=-2, axis2=-1), -np.inf)


def _part(state: _State, going: npt.NDArray[np.bool_]) -> _State:
    return _State(
        state.design[going],
        state.inverse[going],
        state.variance[going],
        None if state.spread is None else state.spread[going],
        None if state.weighted is None else state.weighted[going],
    )
