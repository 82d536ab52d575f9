"""The confusion matrix as a table whose cells are shaded by the share of their row.

Mistakes are what one looks for, so they are drawn bold and in another colour than the diagonal, and their
shade grows with the square root of the share: 1 % is still seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from valscope.report.markup import Html, element, escaped, joined
from valscope.words.plain import percent, shorten

SHADES = 9  # classes m0..m9 and d0..d9 of charts.css
WITH_TITLES = 40  # classes; beyond, a sentence in each cell would make the page heavy
NAME = 28


def matrix(
    classes: Sequence[str], counts: Sequence[Sequence[int]], totals: Sequence[int] | None = None
) -> Html:
    """Rows true, columns predicted; counts[i][j] images of class i were called j.

    totals  images of each class, where columns were left out; else the sums of the rows.
    """
    sums = [sum(row) for row in counts] if totals is None else totals
    size = "few" if len(classes) <= 12 else "some" if len(classes) <= 30 else "many"
    names = [shorten(name, NAME) for name in classes]
    head = joined(
        element("th", element("span", "predicted →"), element("span", "true ↓"), class_="corner"),
        *(element("th", element("span", name), scope="col") for name in names),
    )
    body = joined(*(_row(i, names, counts[i], sums[i]) for i in range(len(names))))
    return element(
        "table",
        element("thead", element("tr", head)),
        element("tbody", body),
        class_=f"matrix {size}", style=f"--k:{len(classes)}",
    )  # fmt: skip


def _row(i: int, names: Sequence[str], counts: Sequence[int], total: int) -> Html:
    cells = (_cell(i, j, n, total, names) for j, n in enumerate(counts))
    return element("tr", element("th", names[i], scope="row"), *cells)


def _cell(i: int, j: int, n: int, total: int, names: Sequence[str]) -> Html:
    if i == j:
        return Html(f'<td class="d{_shade(n, total)}">{n}</td>')
    if n == 0:
        return Html("<td></td>")
    title = ""
    if len(names) <= WITH_TITLES:
        words = f"{names[i]} called {names[j]}: {n} of {total}, {percent(n / total, total)}"
        title = f' title="{escaped(words)}"'
    return Html(f'<td class="m{_shade(n, total)}"{title}>{n}</td>')


def _shade(n: int, total: int) -> int:
    return math.ceil(SHADES * math.sqrt(n / total)) if total else 0
