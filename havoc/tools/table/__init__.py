"""The ``table.*`` operations; each module declares some."""
