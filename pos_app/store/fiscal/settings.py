"""By whom the sales of each business are signed, since when, and for how long one may wait: on both sides."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, text

from pos_app.fiscal import regimes
from pos_app.fiscal.regime import Regime
from pos_app.store.engine.engine import quick


@dataclass(frozen=True)
class FiscalSetting:
    """What a business has; `hours` 0 is as long as its regime lets a sale wait, and never more than that."""

    business_id: int
    regime: str = regimes.NONE
    branch: str = ""
    hours: int = 0
    is_trial: bool = False
    from_us: int = 0

    @property
    def known(self) -> Regime | None:
        """Its regime, where this version knows it and it has a device."""
        found = regimes.known(self.regime)
        return found if found is not None and found.signs else None

    @property
    def ceiling(self) -> timedelta:
        """So long a sale may wait; nothing is for ever."""
        found = self.known
        if found is None:
            return timedelta()
        own = timedelta(hours=self.hours)
        return min(own, found.ceiling) if own and found.ceiling else own or found.ceiling


_READ: Final = "SELECT business_id, regime, branch, hours, is_trial, from_us FROM fiscal_setting"


def of_business(connection: Connection, org_id: int, business_id: int) -> FiscalSetting:
    """What a business has; none where nothing was ever said."""
    row = connection.execute(
        text(f"{_READ} WHERE org_id = :org AND business_id = :business"),
        {"org": org_id, "business": business_id},
    ).one_or_none()
    return FiscalSetting(business_id) if row is None else _setting(row)


def signing(connection: Connection, org_id: int) -> dict[int, FiscalSetting]:
    """The businesses whose sales are signed, by key."""
    rows = quick(connection, f"{_READ} WHERE org_id = ?", org_id).fetchall()
    found = (_setting(row) for row in rows)
    return {each.business_id: each for each in found if each.known is not None}


def _setting(row: tuple[object, ...]) -> FiscalSetting:
    business_id, regime, branch, hours, is_trial, from_us = row
    return FiscalSetting(
        int(str(business_id)), str(regime), str(branch), int(str(hours)), bool(is_trial), int(str(from_us))
    )
