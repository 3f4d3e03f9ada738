"""Retrieval: passages with citations, found by words, by meaning, or by both."""
