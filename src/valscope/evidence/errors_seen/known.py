"""What one row of the tables of known errors holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from valscope.nouns.post import SeenError

Explain = Callable[[dict[str, str]], SeenError | None]


@dataclass(frozen=True, slots=True)
class Known:
    """One wording of one error.

    hint         a lower-case piece that the message always holds: cheap to look for.
    wording      pattern of the message; a space in it stands for any white space, because terminals wrap.
    explanation  and `remedy`: templates, filled with the pattern's groups;
    explain      instead of them where the meaning depends on the numbers.
    """

    code: str
    hint: str
    wording: str
    explanation: str = ""
    remedy: str = ""
    explain: Explain | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The wording as a pattern, compiled when first needed: most texts show no error."""
        return re.compile(self.wording.replace(" ", r"\s+"), re.IGNORECASE)


# A shape as Keras, NumPy and TensorFlow print it: (None, 3), [32,8], (?, 100).
SHAPE = r"[(\[][\dNone,?\s-]*[)\]]"
