"""AdamW and Muon over the right groups of weights.

Every trained weight is in exactly one group (asserted). Matrices decay; norms and embeddings do not, nor
does an output layer that is the embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from havoc.config import TrainingConfig
from havoc.model import HavocModel
from havoc.training.parallel import like, whole
from havoc.training.precision import multiplies_natively

TOGETHER = 1 << 20  # numbers in the matrices that Muon makes orthogonal at once


def parameter_groups(model: HavocModel) -> dict[str, list[nn.Parameter]]:
    """Return the weights: ``matrices`` of the blocks, ``output`` layer, ``plain`` (no decay)."""
    tied = model.output.weight is model.embedding.weight
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    groups: dict[str, list[nn.Parameter]] = {"matrices": [], "output": [], "plain": []}
    for name, parameter in trained.items():
        if name.startswith("blocks.") and parameter.dim() == 2:
            groups["matrices"].append(parameter)
        elif name == "output.weight" and not tied:
            groups["output"].append(parameter)
        else:
            groups["plain"].append(parameter)
    grouped = [id(p) for group in groups.values() for p in group]
    assert sorted(grouped) == sorted(map(id, trained.values())), "a weight in no or two groups"
    return groups


class Optimisers:
    """The optimisers of a run, stepped together; learning rates follow one factor."""

    def __init__(self, model: HavocModel, config: TrainingConfig) -> None:
        groups = parameter_groups(model)
        matrices = [] if config.optimizer == "muon" else groups["matrices"]
        # Matrices apart: split over processes, they lie on another mesh than the output layer.
        adam_groups = [
            {"params": matrices, "weight_decay": config.weight_decay},
            {"params": groups["output"], "weight_decay": config.weight_decay},
            {"params": groups["plain"], "weight_decay": 0.0},
        ]
        device = model.norm.weight.device.type
        sharded = isinstance(model.norm.weight, DTensor)
        self.members: dict[str, torch.optim.Optimizer] = {
            "adamw": torch.optim.AdamW(
                [g for g in adam_groups if g["params"]],
                lr=config.learning_rate,
                betas=(config.beta1, config.beta2),
                eps=config.adam_eps,
                fused=device == "cuda" or (device == "cpu" and not sharded),
            )
        }
        self._peaks = {"adamw": config.learning_rate}
        if config.optimizer == "muon":
            self.members["muon"] = Muon(
                groups["matrices"],
                lr=config.muon_learning_rate,
                momentum=config.muon_momentum,
                weight_decay=config.weight_decay,
            )
            self._peaks["muon"] = config.muon_learning_rate

    def set_factor(self, factor: float) -> None:
        """Set every learning rate to its peak times ``factor``."""
        for name, optimiser in self.members.items():
            for group in optimiser.param_groups:
                group["lr"] = self._peaks[name] * factor

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for optimiser in self.members.values():
            optimiser.zero_grad(set_to_none=True)

    def step(self, scaler: torch.amp.GradScaler) -> None:
        """Take one step; the scaler leaves it out when gradients overflowed."""
        for optimiser in self.members.values():
            scaler.step(optimiser)
        scaler.update()

    def unscale(self, scaler: torch.amp.GradScaler) -> None:
        """Bring scaled gradients back to their size."""
        for optimiser in self.members.values():
            scaler.unscale_(optimiser)

    def state_dict(self) -> dict[str, Any]:
        """Return the state of each optimiser by name."""
        return {name: optimiser.state_dict() for name, optimiser in self.members.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a saved state."""
        for name, optimiser in self.members.items():
            optimiser.load_state_dict(state[name])


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon).

    torch's own iterates in bfloat16, which processors without native support do a hundred times
    slower than float32; here the type is the one the hardware multiplies fast. A sharded matrix is
    made whole for its direction, which each process computes and keeps its part of.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        *,
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Take one step."""
        loss = None if closure is None else closure()
        for group in self.param_groups:
            trained = [p for p in group["params"] if p.grad is not None]
            for members in _batches(trained):
                headings = [self._heading(p, group["momentum"]) for p in members]
                lying = [h.T if h.shape[0] > h.shape[1] else h for h in headings]
                for parameter, direction in zip(
                    members, orthogonalise(torch.stack(lying)), strict=True
                ):
                    _move(parameter, direction, group)
        return loss

    def _heading(self, parameter: Tensor, momentum: float) -> Tensor:
        """Return the gradient with its momentum (Nesterov), whole."""
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        gradient, average = parameter.grad, state["momentum"]
        assert gradient is not None
        average.lerp_(gradient, 1 - momentum)
        return whole(gradient.lerp(average, momentum))


def _batches(parameters: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """Matrices of one shape, standing or lying, in batches that are small beside the model."""
    alike: dict[tuple[int, ...], list[Tensor]] = {}
    for parameter in parameters:
        alike.setdefault(tuple(sorted(parameter.shape)), []).append(parameter)
    for (rows, columns), members in alike.items():
        size = max(1, TOGETHER // (rows * columns))
        for start in range(0, len(members), size):
            yield members[start : start + size]


def _move(parameter: Tensor, direction: Tensor, group: dict[str, Any]) -> None:
    """Take one step of a matrix; ``direction`` lies on its longer side."""
    rows, columns = parameter.shape
    standing = direction.T if rows > columns else direction
    parameter.mul_(1 - group["lr"] * group["weight_decay"])
    scale = max(1.0, rows / columns) ** 0.5
    parameter.add_(like(standing.contiguous(), parameter), alpha=-group["lr"] * scale)


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """Return about ``U V^T`` of the singular value decomposition of each, by Newton-Schulz iteration.

    The coefficients trade exactness for speed: singular values end between about 0.7 and 1.2.
    Matrices of one shape are iterated together: one by one, their products are too small for
    the processor to be busy (28 matrices of a model of width 128: 49 ms a step against 9).

    Parameters
    ----------
    matrices
        (matrices, rows, columns), no more rows than columns.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    native = multiplies_natively(matrices.device, torch.bfloat16)
    x = matrices.to(torch.bfloat16 if native else torch.float32)
    x = x / (torch.linalg.matrix_norm(x, keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.to(matrices.dtype)
