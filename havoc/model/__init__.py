"""The transformer, its cache, and its conversion to and from other layouts."""

from havoc.model.cache import KVCache
from havoc.model.transformer import HavocModel, SigmaModel

__all__ = ["HavocModel", "KVCache", "SigmaModel"]
