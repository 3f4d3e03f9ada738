"""Trainer, optimisers, schedules, checkpoints."""

from havoc.training.data import Batch, Loader, RowLoader, pack_rows
from havoc.training.trainer import Trainer, TrainingDiverged, TrainingReport, mean_loss

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
