"""Training logs as text: lines in, runs out."""

from valscope.evidence.logs.reader import LogReader, read_log
from valscope.evidence.logs.rows import Log

__all__ = ["Log", "LogReader", "read_log"]
