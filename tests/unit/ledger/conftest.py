"""How Hypothesis runs here: no deadline, because a shared runner is slow at times."""

from hypothesis import settings

settings.register_profile("ledger", deadline=None, max_examples=100, print_blob=True)
settings.load_profile("ledger")
