"""How often Hypothesis tries here."""

from hypothesis import settings

settings.register_profile("ledger", parent=settings.get_profile("bohari"), max_examples=100)
settings.load_profile("ledger")
