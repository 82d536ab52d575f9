"""Whole cases: one module each with a docstring (its first sentence is shown), `sick(seed)` and `healthy(seed)`.

They have what a user has: code, the log that it printed, the images, the saved model. Trainings are of Keras and
small enough that all trials of a case take about a minute.
"""
