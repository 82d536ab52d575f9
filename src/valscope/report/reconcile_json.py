"""What reconcile found, as the one JSON object that `--json` prints."""

from __future__ import annotations

from valscope.codec import to_json, to_plain
from valscope.nouns.reconciliation import Reconciliation

SCHEMA_VERSION = 1


def reconcile_json(found: Reconciliation) -> str:
    """The names `verdict`, `sentence`, `reference`, `waterfalls`, `claims`, `variants` and `tied` stay."""
    plain = to_plain(found)
    head = {"schema_version": SCHEMA_VERSION, "verdict": found.verdict, "exit_code": found.exit_code}
    return to_json({**head, **{k: v for k, v in plain.items() if k != "verdict"}})
