"""Lines of a Keras log that a terminal or a mail program wrapped."""

from __future__ import annotations

import re

from valscope.evidence.logs.bars import Bar
from valscope.evidence.logs.keras_tokens import TOKEN

_FURNITURE = re.compile(r"[-\s\[=>.\]:]|\b[^\W\d]\w*:?\s*$")
# A wrapped line is short; anything longer is not its rest.
_LONGEST_REST = 400


def with_rest(bar: Bar, tail: str, text: str) -> Bar | None:
    """The bar that begins in `tail`, read again with the line `text` behind it; None where that line is not
    the rest of it, because it holds something else or adds nothing."""
    if not text.strip() or len(text) > _LONGEST_REST:
        return None
    joined = tail + text.strip()
    longer = Bar(bar.line, bar.at, bar.of, bar.validating, bar.style)
    for token in list(TOKEN.finditer(joined))[1:]:
        longer.take(token)
    foreign = _FURNITURE.sub("", TOKEN.sub("", joined))
    return longer if not foreign and longer.continues(bar) else None
