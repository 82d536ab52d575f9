from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure; how long a test may take is the business of pytest-timeout.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
