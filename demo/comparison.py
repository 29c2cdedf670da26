"""Till against centre: every customer, drawer, product and account that the till touched."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from pos_app import bootstrap
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.money import decimal_text
from pos_app.store.balances import affected, balances
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DRAWER_CASH,
    PARTY_BALANCE,
    STOCK_LEVEL,
    Projection,
)

_WHAT = (
    (PARTY_BALANCE, "customer"),
    (DRAWER_CASH, "drawer"),
    (STOCK_LEVEL, "product"),
    (ACCOUNT_BALANCE, "account"),
)


@dataclass(frozen=True)
class Pair:
    """One balance on both sides, as text: money in major units, goods in their unit."""

    what: str
    name: str
    till: str
    centre: str

    @property
    def equal(self) -> bool:
        """Whether both sides say the same."""
        return self.till == self.centre


def compare(till_home: Path, central_home: Path) -> list[Pair]:
    """Every balance that a document of the till changed, on both sides."""
    pairs = []
    till = bootstrap.open_till(till_home)
    with (
        bootstrap.central(central_home) as centre,
        till.database.read() as here,
        centre.database.read() as there,
    ):
        for projection, what in _WHAT:
            for key in affected.keys(here, projection):
                sides = (_text(side, projection, key, till.currency) for side in (here, there))
                pairs.append(Pair(what, affected.name_of(here, projection, key), *sides))
    till.close()
    return pairs


def _text(connection: Connection, projection: Projection, key: dict[str, Any], home: Currency) -> str:
    value = next(iter(balances.current(connection, projection, key).values()))
    if projection is STOCK_LEVEL:
        return f"{Decimal(value).scaleb(-3).normalize():f}"
    return decimal_text(value, currency(key.get("currency", home.code)))
