"""Pictures for the page: pure functions from values to inline SVG (the confusion matrix to an HTML table).

They carry no colours of their own; `charts.css` gives them, so that one picture fits paper, light and dark
screens and notebooks. Every SVG is drawn about 360 units wide, so that its text stays legible on a phone.
"""

from valscope.report.charts.bar import bar
from valscope.report.charts.intervals import Row, interval_chart
from valscope.report.charts.lines import line_chart
from valscope.report.charts.matrix import matrix
from valscope.report.charts.reliability import reliability
from valscope.report.charts.series import Line, Mark, is_log

__all__ = ["Line", "Mark", "Row", "bar", "interval_chart", "is_log", "line_chart", "matrix", "reliability"]
