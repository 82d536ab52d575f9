"""What all tests share: a cache of their own, so that none writes into the user's."""

from __future__ import annotations

import os
import tempfile

os.environ["VALSCOPE_CACHE"] = tempfile.mkdtemp(prefix="valscope-test-cache-")
