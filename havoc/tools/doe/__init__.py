"""The ``doe.*`` operations; each module declares some."""
