"""SentencePiece training and a byte-exact wrapper."""

from havoc.tokenizer.tokenizer import TextStream, Tokenizer
from havoc.tokenizer.training import fertility, train_tokenizer

__all__ = ["TextStream", "Tokenizer", "fertility", "train_tokenizer"]
