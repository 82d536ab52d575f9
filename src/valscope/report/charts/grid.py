"""The grid of reconcile as a readable picture: an axis a row, each setting a cell as dark as it is accurate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from valscope.nouns.reconciliation import Variant
from valscope.report.markup import Html, element, joined
from valscope.words.plain import interval, percent, shorten

SHADES = 9  # classes s0..s9 of reconcile.css
NAME = 70
MOST = 200  # cells; more is read by nobody


def grid_chart(
    variants: Sequence[Variant], claims: Mapping[str, Sequence[float]], most: int = MOST, used: str = ""
) -> Html:
    """Variants in the order given, the reference first.

    claims  name of a variant to the claimed numbers (0..1) that lie in its interval.
    used    name of the pipeline in use, "" where it is not known.
    """
    full = max((v.scored for v in variants), default=0)
    rows: dict[str, list[Html]] = {}
    for variant in variants[:most]:
        rows.setdefault(row_of(variant), []).append(
            _cell(variant, claims.get(variant.name, ()), full, variant.name == used)
        )
    drawn = [
        element("div", element("h3", name), element("ul", *cells), class_="axis")
        for name, cells in rows.items()
    ]
    return element("div", *drawn, class_="grid")


def row_of(variant: Variant) -> str:
    """The axis of a variant; the reference and those of several steps have rows of their own."""
    if variant.metric:
        return "training images" if variant.on_training else "metric"
    if not variant.steps:
        return "reference"
    return variant.steps[0].axis if len(variant.steps) == 1 else "several at once"


def _cell(variant: Variant, claims: Iterable[float], full: int, used: bool) -> Html:
    kind = "best" if not variant.steps and not variant.metric else "tied" if variant.tied else ""
    share = variant.accuracy
    value = percent(share.value, share.n)
    reach = "" if share.value is None else interval(share.low, share.high, share.n)
    few = f" of {share.n}" if share.n < full else ""
    return element(
        "li",
        element("span", element("bdi", shorten(_name(variant), NAME))),
        element("span", element("span", value, class_="value"), " ", element("span", reach + few, class_="range")),
        _marks(variant, claims, used),
        class_=f"s{_shade(share.value)} {kind}".strip(), title=_title(variant),
    )  # fmt: skip


def _name(variant: Variant) -> str:
    if variant.metric:
        return variant.metric
    return variant.steps[0].after if len(variant.steps) == 1 else variant.name


def _marks(variant: Variant, claims: Iterable[float], used: bool) -> Html | None:
    said = [element("span", "in use", class_="mark used")] if used else []
    said += [element("span", f"claimed {100 * c:.1f} %", class_="mark claimed") for c in claims]
    if variant.steps and variant.same:
        said.append(element("span", "same answers", class_="mark"))
    elif variant.steps and variant.tied:
        said.append(element("span", "tied", class_="mark"))
    return element("span", joined(*said), class_="marks") if said else None


def _title(variant: Variant) -> str:
    if not variant.steps:
        return f"{variant.name}, {variant.scored} images"
    change = f"{100 * variant.difference:+.1f} points [{100 * variant.low:+.1f}, {100 * variant.high:+.1f}]"
    p = "" if variant.p_holm is None else f", p = {variant.p_holm:.2g}"
    return f"{variant.name}: {change} against the reference{p}, {variant.scored} images"


def _shade(value: float | None) -> int:
    return 0 if value is None else min(SHADES, int(SHADES * value + 0.5))
