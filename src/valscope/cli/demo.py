"""`valscope demo`."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from valscope.cli.judge import Asked, Asking, Trials, answer
from valscope.cli.outputs import check_folder
from valscope.errors import UsageError

if TYPE_CHECKING:
    from valscope.worlds import World


def demo(
    name: str | None = None,
    /,
    *,
    healthy: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    seed: int = 0,
    trials: Trials = "full",
    budget: str = "5m",
    fix: Annotated[bool, Parameter(negative="")] = False,
    out: Path | None = None,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """See an illness and its diagnosis: a whole case, or the example of a rule.

    Files as a user would have them are written and diagnosed as valscope diagnose does, trials included where there
    is a training. The exit code is that of valscope diagnose: 1 where something was found.

    Examples:
      valscope demo
      valscope demo case1
      valscope demo S101 --healthy
      valscope demo T101 --out demo/

    Parameters
    ----------
    name
        A case, or a rule's code or name; without it the cases are listed. Some rules show a program of Keras, which is
        run first and takes a minute or two.
    healthy
        The same without the illness.
    json
        Print the one JSON object of valscope diagnose --json.
    seed
        Another world of the same kind.
    trials
        none only reads; cheap scores the saved model in other ways and asks a probe; full also trains.
    budget
        Time for all trials together with its unit, as 90s, 5m or 1h.
    fix
        Write the mended recipe, train it, and show before and after; needs --out.
    out
        A folder for the files, report.html and diagnosis.json; without it nothing is kept.
    quiet
        Show no progress.
    """
    from valscope.demo.choose import demo as chosen
    from valscope.lab.budget import parse_budget

    if name is None:
        return _list()
    if fix and out is None:
        raise UsageError("--fix writes a recipe and a run; say where with  --out FOLDER")
    module, seconds = chosen(name), parse_budget(budget)
    check_folder(out)
    if out is not None and out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty; give --out another folder.")
    where = out.resolve() if out is not None else None
    with tempfile.TemporaryDirectory(prefix="valscope-demo-") as work:
        folder = where / "files" if where is not None else Path(work)
        files = _written(module, healthy, seed, folder, json or quiet, words=trials == "none")
        with contextlib.chdir(folder):  # the report then names the files as their user would
            command = f"valscope demo {name}{f' --seed {seed}' if seed else ''}"
            return answer(Asked(files, json), Asking(trials, seconds, fix, where, quiet, command))


def _written(
    module: ModuleType, healthy: bool, seed: int, folder: Path, quiet: bool, words: bool
) -> tuple[str, ...]:
    """The names of the files; a line about them goes to the standard error. `words` where nothing will be tried."""
    from valscope.worlds import write

    make = _maker(module, "healthy" if healthy else "sick", words)
    world = make(seed)
    if not quiet:
        print(f"{_first(make)}\n", file=sys.stderr)
    return tuple(str(path.relative_to(folder)) for path in write(world, folder))


def _maker(module: ModuleType, kind: str, words: bool) -> Callable[[int], World]:
    """What trains can be tried, words cannot: the quick training first, then a program of Keras."""
    plain: Callable[[int], World] = getattr(module, kind)
    if words or plain(0).recipe is not None:
        return plain
    made = (getattr(module, f"{kind}{how}", None) for how in ("_training", "_program"))
    return next((m for m in made if m is not None), plain)


def _list() -> int:
    from valscope.demo.choose import all_cases

    for name, module in all_cases().items():
        print(f"{name}  {_first(module)}")
    print("\nEach rule has an example too:  valscope rules   lists them,   valscope demo S101   shows one.")
    return 0


def _first(thing: object) -> str:
    """The first sentence of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]
