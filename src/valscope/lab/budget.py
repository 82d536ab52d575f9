"""How long the lab may work, and what still fits."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from valscope.errors import UsageError

DEFAULT = 300.0
_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass
class Budget:
    """Seconds from now on."""

    seconds: float = DEFAULT
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds that are left, never below 0."""
        return max(0.0, self.seconds - (time.monotonic() - self.began))

    @property
    def words(self) -> str:
        """ "5 min", "90 s"."""
        return f"{self.seconds / 60:g} min" if self.seconds % 60 == 0 else f"{self.seconds:g} s"


def parse_budget(text: str) -> float:
    """ "5m", "90s" or "1.5h". Raises UsageError, also for a bare number: some mean minutes by it, some seconds."""
    bare = text.strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", bare):
        raise UsageError(
            f"--budget takes a time with its unit; write {bare}m for minutes or {bare}s for seconds."
        )
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|min|h)\s*", text.lower())
    if found is None or float(found[1]) <= 0:
        raise UsageError(f"--budget takes a time such as 5m, 90s or 1h; got {text!r}.")
    return float(found[1]) * _UNITS[found[2]]
