"""Rows of arrays, lists, frames and datasets: which of them a value holds, and which stand in it several times."""
