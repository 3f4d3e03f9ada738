"""Which arithmetic a run uses on the hardware it finds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from havoc.config import TrainingConfig
from havoc.errors import InputError


def choose_device(name: str) -> torch.device:
    """Return the device of a name; "auto" prefers a GPU."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(f"device: expected auto, cpu, cuda or cuda:N, got '{name}'") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError(f"device: '{name}' asked for, but torch sees no GPU")
    return device


def multiplies_natively(device: torch.device, dtype: torch.dtype) -> bool:
    """Return whether the hardware multiplies matrices of this type faster than float32.

    A processor without AVX512-BF16 or AMX emulates bfloat16: 1.4 GFLOP/s were measured on one where
    float32 reached 110 to 180.
    """
    if device.type == "cuda":
        return dtype == torch.float16 or torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu":
        return False
    flags = ("amx_fp16", "avx512_fp16") if dtype == torch.float16 else ("avx512_bf16", "amx_bf16")
    found = torch.cpu.get_capabilities()
    return any(found.get(flag) for flag in flags)


@dataclass(frozen=True)
class Precision:
    """The arithmetic of a run: ``dtype`` None is float32 throughout."""

    device: torch.device
    dtype: torch.dtype | None

    @classmethod
    def choose(cls, config: TrainingConfig, device: torch.device) -> Precision:
        """Decide from the configuration and the hardware."""
        wanted = torch.bfloat16 if config.amp_dtype == "bfloat16" else torch.float16
        if config.use_amp == "auto":
            return cls(device, wanted if multiplies_natively(device, wanted) else None)
        return cls(device, wanted if config.use_amp else None)

    @property
    def name(self) -> str:
        """Name for logs and checkpoints."""
        return "float32" if self.dtype is None else str(self.dtype).removeprefix("torch.")

    @property
    def emulated(self) -> bool:
        """Whether the hardware does this arithmetic slower than float32."""
        return self.dtype is not None and not multiplies_natively(self.device, self.dtype)

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context of the forward pass."""
        if self.dtype is None:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def scaler(self) -> torch.amp.GradScaler:
        """Return a gradient scaler, which does nothing but for float16."""
        return torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)
