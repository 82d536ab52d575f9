"""Training logs as text: lines in, runs out."""

from valscope.evidence.logs.reader import LogReader, read_log
from valscope.evidence.logs.rows import Evaluation, Log

__all__ = ["Evaluation", "Log", "LogReader", "read_log"]
