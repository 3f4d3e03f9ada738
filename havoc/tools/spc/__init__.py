"""The ``spc.*`` operations; each module declares some."""
