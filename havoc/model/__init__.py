"""The transformer, its cache, and its conversion to and from other layouts."""

from havoc.model.cache import KVCache
from havoc.model.directory import load_model, save_model
from havoc.model.transformer import HavocModel, SigmaModel

__all__ = ["HavocModel", "KVCache", "SigmaModel", "load_model", "save_model"]
