"""One setting that a patch is to change, with the line where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from valscope.report.patch.calls import Argument, Call
from valscope.report.patch.code import Code, Statement
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import without


@dataclass(frozen=True)
class Asked:
    """statement      the logical line that the setting stands on.
    before, after  its values as Python writes them: "None", "True", "0.01", "tail".
    changes        all settings that change, by name, with their new values.
    """

    code: Code
    statement: Statement
    before: str
    after: str
    changes: Mapping[str, str]

    @property
    def calls(self) -> list[Call]:
        """The calls of the statement, outer ones first."""
        return self.code.calls(self.statement)

    @property
    def number(self) -> bool:
        """Whether the new value is a number."""
        try:
            float(self.after)
        except ValueError:
            return False
        return True

    def keyword(self, *names: str) -> Argument | None:
        """The argument with one of these keywords, where the statement has exactly one."""
        found = [a for call in self.calls for a in call.arguments if a.keyword in names]
        return found[0] if len(found) == 1 else None

    def dropped(self, *names: str) -> list[Edit]:
        """Without the only argument of one of these names; nothing where there is none."""
        for call in self.calls:
            argument = call.argument(*names)
            if argument is not None:
                return [without(self.code, call, argument)]
        return []

    def plain_number(self) -> list[Edit]:
        """The only number of the line that equals the old value becomes the new one."""
        if not self.number:
            return []
        same = [t for t in self.statement.tokens if t.kind == "number" and equal(t.text, self.before)]
        return [Edit(same[0].start, same[0].end, self.after)] if len(same) == 1 else []


def equal(text: str, value: str) -> bool:
    """Whether two texts are the same number."""
    try:
        return float(text.replace("_", "")) == float(value)
    except ValueError:
        return False
