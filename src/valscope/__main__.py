"""`python -m valscope`: the command, where it is not on the path."""

from __future__ import annotations

from valscope.cli import main

if __name__ == "__main__":
    main()
