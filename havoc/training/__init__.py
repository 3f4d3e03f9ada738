"""Trainer, optimisers, schedules, checkpoints."""

from havoc.training.data import Batch, Loader, RowLoader, pack_rows
from havoc.training.progress import TrainingDiverged, TrainingReport
from havoc.training.trainer import Trainer, mean_loss

__all__ = [
    "Batch",
    "Loader",
    "RowLoader",
    "Trainer",
    "TrainingDiverged",
    "TrainingReport",
    "mean_loss",
    "pack_rows",
]
