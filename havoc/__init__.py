"""HAVOC: audited answers for mathematics, statistics, engineering and manufacturing."""

__version__ = "0.1.0"
