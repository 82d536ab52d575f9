"""The command line: one file per command, and the frame round them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

BUG = 70  # the exit code of an internal error (EX_SOFTWARE of sysexits.h)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `valscope` command; leaves with the exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done or nothing found, 1 a finding, 2 could not judge,
    3 the request was wrong."""
    from valscope.errors import ValscopeError

    try:
        code = _call(arguments)
        return code if isinstance(code, int) else 0
    except ValscopeError as error:
        return _refuse(str(error), error.exit_code)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  the reader left; nothing more to say
        return 0
    except KeyboardInterrupt:
        kept = "; finished trials are kept, and the same command goes on from there"
        return _refuse(f"Interrupted{kept if arguments[:1] == ['diagnose'] else ''}.", 130)
    except MemoryError:
        return _refuse("Out of memory; use a smaller --size or --batch.", 3)
    except Exception as error:
        if os.environ.get("VALSCOPE_DEBUG"):
            raise
        where = f"{type(error).__name__}: {error}".splitlines()[0]
        return _refuse(f"valscope failed ({where}). This is a bug; VALSCOPE_DEBUG=1 shows where it is.", BUG)


def _call(arguments: list[str]) -> object:
    """The command's own result. A plain `diagnose` goes round the argument parser, whose import takes as long as
    the diagnosis of a short text."""
    if arguments[:1] == ["diagnose"]:
        from valscope.cli.judge import plain, plainly

        asked = plainly(arguments[1:])
        if asked is not None:
            gc.set_threshold(100_000)  # the start makes many objects and no rubbish: 5 % of the time
            return plain(asked)

    import logging

    from cyclopts import CycloptsError

    from valscope.cli.app import app

    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # its advice on retracing is not for our users
    try:
        return app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _refuse(f"{_plain(error)} See  valscope {_command(arguments)}--help", 3)


def _refuse(sentence: str, code: int) -> int:
    print(f"valscope: {sentence}", file=sys.stderr)
    return code


def _command(arguments: list[str]) -> str:
    return f"{arguments[0]} " if arguments and not arguments[0].startswith("-") else ""


def _plain(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith(".") else text + "."
