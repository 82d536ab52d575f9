"""Pictures: they parse, they say in words what they show, and values lie where they should."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from example_results import bins, share
from hypothesis import example, given
from hypothesis import strategies as st

from valscope.report.charts import Line, Mark, Row, bar, interval_chart, line_chart, matrix, reliability
from valscope.report.charts.axis import Axis, log_ticks, ticks
from valscope.report.charts.series import thinned
from valscope.report.markup import Html

HOSTILE = "<script>alert(1)</script>\x1b&\"'\ud800\n]]>"


def parsed(markup: Html) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def curve(*values: float | None, name: str = "validation", main: bool = True) -> Line:
    return Line(name, tuple((i + 1.0, v) for i, v in enumerate(values)), main)


def dots(svg: ElementTree.Element) -> list[tuple[float, float]]:
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in svg.iter("circle")]


@pytest.mark.parametrize(
    "chart",
    [
        interval_chart(HOSTILE, [Row(HOSTILE, 0.5, 0.4, 0.6, HOSTILE, True), Row("none", None, 0, 1, "–")]),
        line_chart(HOSTILE, [curve(1, None, 0.5, name=HOSTILE)], stages=[Mark(1, HOSTILE), Mark(2, "b")], best=Mark(3, "x")),
        line_chart("nothing", []),
        line_chart("one epoch", [curve(0.5)], shares=True),
        line_chart("not finite", [curve(math.nan, math.inf)]),
        line_chart("huge", [curve(1e30, 1e-30, 5)]),
        line_chart("flat", [curve(0.0, 0.0), curve(-1.0, -1.0)]),
        reliability(HOSTILE, bins(300)),
        reliability("nothing", []),
        bar(share(3, 4)),
        bar(share(0, 0)),
        matrix([HOSTILE, "b"], [[3, 1], [0, 0]]),
    ],
)  # fmt: skip
def test_every_picture_is_xml_whatever_the_names(chart: Html) -> None:
    root = parsed(chart)
    assert not [e for e in root.iter() if e.tag == "script"]
    assert "nan" not in chart and "inf" not in chart.replace("not finite", "")


def test_a_picture_says_what_it_shows() -> None:
    svg = parsed(interval_chart("Accuracy with intervals", [Row("cnn", 0.5, 0.4, 0.6, "50 % [40, 60]")]))
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == svg.findtext("title") == "Accuracy with intervals"


def test_rows_keep_their_order_and_their_values() -> None:
    rows = [
        Row("a", 0.0, 0, 0.2, "0 %"),
        Row("b", 0.5, 0.4, 0.6, "50 %"),
        Row("c", 1.0, 0.9, 1, "100 %", True),
    ]
    (ax, ay), (bx, by), (cx, cy) = dots(parsed(interval_chart("t", rows)))
    assert ay < by < cy
    assert bx == pytest.approx((ax + cx) / 2)


def test_the_axis_of_intervals_moves_up_when_all_values_are_high() -> None:
    high = interval_chart("t", [Row("a", 0.95, 0.93, 0.97, "95 %"), Row("b", 0.97, 0.95, 0.99, "97 %")])
    low = interval_chart("t", [Row("a", 0.95, 0.93, 0.97, "95 %"), Row("b", 0.4, 0.3, 0.5, "40 %")])
    assert ">90 %<" in high and ">0 %<" not in high
    assert ">0 %<" in low


def test_a_bar_is_as_long_as_its_share() -> None:
    fill = next(r for r in parsed(bar(share(3, 4))).iter("rect") if r.attrib["class"] == "fill")
    assert float(fill.attrib["width"]) == 75


def test_a_class_without_images_has_an_empty_track() -> None:
    assert [r.attrib["class"] for r in parsed(bar(share(0, 0))).iter("rect")] == ["track"]


def test_a_missing_number_is_a_gap_and_a_lone_epoch_a_dot() -> None:
    svg = parsed(line_chart("t", [curve(3, 2, math.nan, 1)]))
    assert [p.attrib["points"].count(",") for p in svg.iter("polyline")] == [2]
    assert len(dots(svg)) == 1


def test_lower_losses_are_drawn_lower() -> None:
    points = next(parsed(line_chart("t", [curve(3, 1, 2)])).iter("polyline")).attrib["points"].split()
    first, second, third = (float(p.split(",")[1]) for p in points)
    assert first < third < second


def test_the_kept_epoch_is_ringed_on_the_main_curve() -> None:
    svg = parsed(line_chart("t", [curve(3, 1, 2)], best=Mark(2, "epoch 2")))
    places = next(svg.iter("polyline")).attrib["points"].split()
    ring = next(c for c in svg.iter("circle") if c.attrib["class"] == "ring")
    assert float(ring.attrib["cx"]) == pytest.approx(float(places[1].split(",")[0]), abs=0.1)


def test_names_beside_the_ends_do_not_overlap() -> None:
    svg = parsed(line_chart("t", [curve(1, 0.5), curve(1, 0.5, name="training", main=False)]))
    heights = [
        float(t.attrib["y"]) for t in svg.iter("text") if (t.attrib.get("class") or "").startswith("name")
    ]
    assert len(heights) == 2 and abs(heights[0] - heights[1]) >= 13


def test_a_loss_that_falls_a_hundredfold_gets_an_axis_of_ratios() -> None:
    steps = {label for label in ("10", "1", "0.1") if f">{label}<" in line_chart("t", [curve(10, 1, 0.1)])}
    assert steps == {"10", "1", "0.1"}
    heights = [
        float(p.split(",")[1])
        for p in next(parsed(line_chart("t", [curve(10, 1, 0.1)])).iter("polyline")).attrib["points"].split()
    ]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)


def test_a_long_curve_is_thinned_and_keeps_its_spike() -> None:
    points = [(float(i), 100.0 if i == 7_777 else i % 3) for i in range(20_000)]
    kept = thinned(points)
    assert len(kept) <= 402
    assert (7_777.0, 100.0) in kept and kept[0] == points[0] and kept[-1] == points[-1]


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
@example(-400586.64561799995, 1e-06)  # as fine as a float of this size is
def test_ticks_are_few_and_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert len(found) <= 9
    assert all(low - 1e-6 * span <= t <= low + span * (1 + 1e-6) for t in found)


@given(st.floats(1e-9, 1e3), st.floats(2, 1e6))
def test_log_ticks_are_inside(low: float, ratio: float) -> None:
    assert all(low <= t <= low * ratio for t in log_ticks(low, low * ratio))


def test_beyond_an_axis_is_at_its_end() -> None:
    axis = Axis(0, 1, 10, 110)
    assert [axis(v) for v in (-5, 0, 0.25, 1, 7)] == [10, 10, 35, 110, 110]


def test_the_matrix_shows_each_count_in_its_place() -> None:
    table = parsed(matrix(["cat", "dog", "owl"], [[50, 3, 0], [1, 40, 0], [0, 0, 0]]))
    rows = [[cell.text or "" for cell in row.iter("td")] for row in table.find("tbody") or []]
    assert rows == [["50", "3", ""], ["1", "40", ""], ["", "", "0"]]
    assert [h.text for h in table.iter("th") if h.attrib.get("scope") == "row"] == ["cat", "dog", "owl"]


def test_a_mistake_is_shaded_by_its_share_of_the_row_and_told_from_a_hit_without_colour() -> None:
    page = matrix(["a", "b"], [[90, 10], [60, 40]])
    classes = re.findall(r'<td class="(\w)(\d)"', page)
    assert [kind for kind, _ in classes] == ["d", "m", "m", "d"]
    assert int(classes[1][1]) < int(classes[2][1])


def test_one_mistake_of_a_thousand_is_still_shaded() -> None:
    assert '<td class="m1"' in matrix(["a", "b"], [[999, 1], [0, 1]])
    assert '<td class="m3"' in matrix(["a", "b"], [[95, 5], [0, 1]])


def test_reliability_lies_on_the_diagonal_when_the_classifier_means_what_it_says() -> None:
    from valscope.nouns.result import Bin

    svg = parsed(reliability("t", [Bin(0.25, share(25, 100)), Bin(0.75, share(75, 100))]))
    (x1, y1), (x2, y2) = dots(svg)
    line = next(e for e in svg.iter("line") if e.attrib["class"] == "diagonal").attrib
    ends = [float(line[key]) for key in ("x1", "y1", "x2", "y2")]
    for share_of_way, x, y in ((0.25, x1, y1), (0.75, x2, y2)):
        assert x == pytest.approx(ends[0] + share_of_way * (ends[2] - ends[0]))
        assert y == pytest.approx(ends[1] + share_of_way * (ends[3] - ends[1]))
