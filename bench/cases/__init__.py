"""Five published reports rebuilt on real images: each script is run as its user ran it, then diagnosed from what it left.

    VALSCOPE_DATA=... VALSCOPE_WEIGHTS=... python -m bench.cases case0 --keep /tmp/cases

`prepare` makes each user's folder (script, data), `scripts/` holds what the user wrote, `__main__` runs the script in a
process of its own, keeps its output as training.log, and calls `valscope diagnose` on the artifacts alone.
"""
