"""How hard the properties of judging are tried: 200 examples every day, 10,000 with SHOPWATCH_HYPOTHESIS=nightly."""

import os

from hypothesis import settings

settings.register_profile("everyday", max_examples=200, deadline=None)
settings.register_profile("nightly", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("SHOPWATCH_HYPOTHESIS", "everyday"))
