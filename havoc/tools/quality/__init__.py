"""The ``quality.*`` operations; each module declares some."""
