"""Every error a user can cause, drawn as a tree. Each message is a sentence: what was wrong, what was
received, what to do.

    ValscopeError                 exit code 3
    ├── UsageError                the request itself was wrong (a flag, a value, a combination)
    ├── InputError                something given could not be used
    │   ├── DataError             images, tables or arrays
    │   ├── SplitError            a split that the data cannot bear
    │   ├── RunError              a run folder that is missing, unfinished or damaged
    │   └── ModelError            a model or weight file
    ├── MissingExtra              an optional dependency is not installed
    └── ProbeMismatch             a loaded model no longer gives the logits it gave when it was saved
"""

from __future__ import annotations


class ValscopeError(Exception):
    """Root of the tree; its text is shown to the user as it is, without a traceback."""

    exit_code = 3


class UsageError(ValscopeError):
    """The request itself was wrong."""


class InputError(ValscopeError):
    """Something that was given could not be used."""


class DataError(InputError):
    """Images, tables or arrays that cannot be used."""


class SplitError(InputError):
    """A split that the data cannot bear."""


class RunError(InputError):
    """A run folder that is missing, unfinished or damaged."""


class ModelError(InputError):
    """A model or weight file that cannot be used."""


class MissingExtra(ValscopeError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional dependency: install it with  pip install 'valscope[{extra}]'"
        )


class ProbeMismatch(ValscopeError):
    """A loaded model no longer gives the logits it gave when it was saved."""
