"""The ``stats.*`` operations; each module declares some."""
