"""Which regimes there are, by the name that settings and tables keep."""

from typing import Final

from pos_app.fiscal.etims.control_unit import OSCU, VSCU
from pos_app.fiscal.none import NoRegime
from pos_app.fiscal.regime import Regime
from pos_app.ledger.errors import Refused

NONE: Final = "none"
REGIMES: Final[dict[str, Regime]] = {one.name: one for one in (NoRegime(), OSCU, VSCU)}


def regime(name: str) -> Regime:
    """The regime of a name.  Raises `Refused` for a word that is none."""
    found = REGIMES.get(name.strip().lower())
    if found is None:
        raise Refused("fiscal-regime-unknown", regime=name.strip()[:30], regimes=", ".join(REGIMES))
    return found


def known(name: str) -> Regime | None:
    """The regime of a stored name; None for one that a newer version knows."""
    return REGIMES.get(name)
