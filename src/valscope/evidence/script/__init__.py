"""Scripts, notebooks and fragments of code: what they say about a training, each fact with its line.

Nothing is executed. The text is parsed (mended where it does not parse), then read as a graph of values: what
each call is given, and what that was made of. Facts come from that graph, so that a scale counts for the path
it stands on.
"""

from __future__ import annotations

from collections.abc import Sequence

from valscope.evidence.script.text.parse import Fragment
from valscope.nouns.script import ScriptFacts

__all__ = ["Fragment", "read_fragments", "read_script"]


def read_script(code: str, file: str = "<stdin>", first_line: int = 1) -> ScriptFacts:
    """The facts of one piece of code; `first_line` is the line of the user's file on which it starts. Never
    fails: what cannot be read is listed in `unread`."""
    return read_fragments([Fragment(code, file, first_line)])


def read_fragments(fragments: Sequence[Fragment]) -> ScriptFacts:
    """The facts of several pieces that belong together (blocks of one post, cells of a notebook, a training
    and a prediction script). Pieces of one file share their variables."""
    from valscope.evidence.script.facts.gather import gather
    from valscope.evidence.script.text.parse import read_code

    return gather([read_code(fragment) for fragment in fragments])
