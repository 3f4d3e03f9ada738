"""The ``maths.*`` operations; each module declares some."""
