"""What a rebuilt value rests on: the lines that say it, and what had to be assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from valscope.nouns.fact import Fact, NotMeasured, Source

T = TypeVar("T")


class Unknown(Exception):
    """Something without which nothing can be rebuilt; carries the reason and what would settle it."""

    def __init__(self, reason: str, would_settle: str) -> None:
        super().__init__(reason)
        self.fact = NotMeasured(reason, would_settle)


@dataclass(slots=True)
class Notes:
    """Collected while a value is rebuilt: `said` are (field of the recipe, its line), `assumed` sentences,
    `stand_ins` fields whose value is another than the user's, which therefore cannot be judged."""

    said: list[tuple[str, Source]] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    stand_ins: list[tuple[str, NotMeasured]] = field(default_factory=list)

    def say(self, name: str, fact: Fact[T]) -> T:
        """The fact's value, with its line noted for the field `name`."""
        self.at(name, fact.source)
        return fact.value

    def at(self, name: str, source: Source | None) -> None:
        """Note the line of a field."""
        if source is not None and (name, source) not in self.said:
            self.said.append((name, source))

    def assume(self, sentence: str) -> None:
        """Note an assumption, each once."""
        if sentence not in self.assumed:
            self.assumed.append(sentence)

    def stand_in(self, name: str, reason: str, would_settle: str) -> None:
        """Note that the field `name` holds another value than the user's."""
        self.assume(f"{reason[:1].upper()}{reason[1:]}.")
        self.stand_ins.append((name, NotMeasured(reason, would_settle)))
