"""``python -m havoc "..."`` asks; everything else is as ``havoc``."""

from havoc.cli import main

if __name__ == "__main__":
    main()
