"""Printed `model.summary()` tables: rows with their shapes and counts, and what contradicts what."""

from valscope.evidence.summary.against import compare_to_code, pair_up
from valscope.evidence.summary.between import compare_summaries
from valscope.evidence.summary.check import check_summary
from valscope.evidence.summary.implied import network_of
from valscope.evidence.summary.tables import read_summaries

__all__ = [
    "check_summary",
    "compare_summaries",
    "compare_to_code",
    "network_of",
    "pair_up",
    "read_summaries",
]
