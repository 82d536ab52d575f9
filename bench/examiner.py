"""The other process of the exam: reads [folder, paths, code] triples from the standard input and prints, a line
each, what the diagnosis finds in these files and what the rule of that code says by itself."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from valscope.case import open_case
from valscope.codec import to_json
from valscope.diagnosis import all_rules, diagnose
from valscope.nouns.finding import Acquittal, Finding


def judged(folder: str, paths: list[str], code: str) -> dict[str, Any]:
    """Findings of the whole diagnosis, and the rule's own findings and acquittals."""
    os.chdir(folder)
    rule = next(r for r in all_rules() if code == r.CODE)
    try:
        own = [o for o in rule.check(open_case(paths)) if isinstance(o, Finding | Acquittal)]
        return {"findings": diagnose(open_case(paths)).findings, "own": own, "error": ""}
    except Exception as error:  # one broken rule must not hide the others
        return {"findings": (), "own": (), "error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """One line of JSON for each triple."""
    for folder, paths, code in json.load(sys.stdin):
        print(to_json(judged(folder, paths, code), indent=None))


if __name__ == "__main__":
    main()
