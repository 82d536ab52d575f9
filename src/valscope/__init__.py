"""valscope trains image classifiers whose accuracy can be believed, and finds out why another one's cannot."""

__version__ = "0.1.0"
