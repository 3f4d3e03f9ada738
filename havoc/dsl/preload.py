"""Imported by the fork server: loads every operation once, for all workers."""

from __future__ import annotations

from havoc.tools.bind import unit_registry
from havoc.tools.operation import operations

operations()
unit_registry()
