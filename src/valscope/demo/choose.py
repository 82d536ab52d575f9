"""What `valscope demo` and `valscope rules` can be asked for."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType

from valscope.demo import cases
from valscope.diagnosis import all_rules
from valscope.errors import UsageError


def rule(asked: str) -> ModuleType:
    """The rule of this code or name. Raises UsageError naming near codes."""
    return _chosen(asked, {str(r.CODE): r for r in all_rules()}, "rule")


def demo(asked: str) -> ModuleType:
    """The case or rule of this code or name, with `sick` and `healthy`. Raises UsageError naming near ones."""
    return _chosen(asked, {**all_cases(), **{str(r.CODE): r for r in all_rules()}}, "case or rule")


def all_cases() -> dict[str, ModuleType]:
    """case0, case1, ... by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(cases.__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{cases.__name__}.{name}") for name in names}


def _chosen(asked: str, known: Mapping[str, ModuleType], what: str) -> ModuleType:
    """By code in any case, or by name."""
    for code, module in known.items():
        if asked.lower() in (code.lower(), str(getattr(module, "NAME", "")).lower()):
            return module
    raise UsageError(f"There is no {what} {asked!r}; near it are {', '.join(_near(asked, known))}.")


def _near(asked: str, known: Mapping[str, ModuleType]) -> list[str]:
    """Up to five codes: of like spelling, then of like names, then of the same letter, then any."""
    names = {str(getattr(m, "NAME", code)): code for code, m in known.items()}
    close = difflib.get_close_matches(asked.upper(), [c.upper() for c in known], 5, 0.5)
    found = [code for code in known if code.upper() in close]
    found += [names[n] for n in difflib.get_close_matches(asked.lower(), names, 5, 0.6)]
    found += [code for code in known if code[:1].lower() == asked[:1].lower()]
    return list(dict.fromkeys([*found, *known]))[:5]
