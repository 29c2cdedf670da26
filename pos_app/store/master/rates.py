"""Rates that hold from a day: taxes and currencies.  A document keeps the one that it was made with."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.tax import WHOLE_BP
from pos_app.store.master import master_edit
from pos_app.store.tables import master

#: A rate beyond is a typing error: no currency is worth a million of another one's units.
MOST_RATE_MICRO: Final = RATE_ONE * 1_000_000


def tax_rate(connection: Connection, org_id: int, code: str, day: int) -> int:
    """The rate of a tax code on a local day (YYYYMMDD), in basis points; 0 before its first one."""
    found = connection.execute(
        text(
            "SELECT rate_bp FROM tax_rate WHERE org_id = :org AND code = :code AND valid_from <= :day"
            " ORDER BY valid_from DESC LIMIT 1"
        ),
        {"org": org_id, "code": code, "day": day},
    ).scalar_one_or_none()
    return int(found or 0)


class TaxTerms(NamedTuple):
    """A tax code on a day: its rate in basis points, and whether the tax is in the price."""

    rate_bp: int
    is_inclusive: bool


def tax_terms(connection: Connection, org_id: int, code: str, day: int) -> TaxTerms | None:
    """What a tax code means on a local day (YYYYMMDD); None when there is no such code."""
    treatment = connection.execute(
        text("SELECT treatment FROM tax_code WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).scalar_one_or_none()
    if treatment is None:
        return None
    return TaxTerms(tax_rate(connection, org_id, code, day), treatment != "exclusive")


class TaxChoice(NamedTuple):
    """A tax code to choose from, with what it is called and what it means on a day."""

    code: str
    name: str
    terms: TaxTerms


def tax_choices(connection: Connection, org_id: int, day: int) -> list[TaxChoice]:
    """The tax codes of an organisation by code, with what each means on a local day (YYYYMMDD)."""
    rows = connection.execute(
        text("SELECT code, name, treatment FROM tax_code WHERE org_id = :org ORDER BY code"), {"org": org_id}
    ).all()
    return [
        TaxChoice(
            str(row[0]),
            str(row[1]),
            TaxTerms(tax_rate(connection, org_id, str(row[0]), day), row[2] != "exclusive"),
        )
        for row in rows
    ]


def exchange_rate(connection: Connection, org_id: int, currency: str, day: int) -> int | None:
    """Base currency per unit of a currency on a local day, in millionths; None when nobody said."""
    return exchange_rates(connection, org_id, day).get(currency)


def exchange_rates(connection: Connection, org_id: int, day: int) -> dict[str, int]:
    """The rates of all currencies on a local day, in millionths."""
    rows = connection.execute(
        text(
            "SELECT currency, rate_micro FROM exchange_rate AS r WHERE org_id = :org AND valid_from ="
            " (SELECT max(n.valid_from) FROM exchange_rate AS n WHERE n.org_id = r.org_id"
            " AND n.currency = r.currency AND n.valid_from <= :day) ORDER BY currency"
        ),
        {"org": org_id, "day": day},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def put_tax_rate(connection: Connection, org_id: int, code: str, valid_from: int, rate_bp: int) -> None:
    """Say the rate of a tax code from a day on (0: since ever), in basis points.

    Raises `Refused` for a code that is none, a rate beyond 100 % and one on what is exempt or zero-rated.
    """
    treatment = connection.execute(
        text("SELECT treatment FROM tax_code WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).scalar_one_or_none()
    if treatment is None:
        raise Refused("tax-code-unknown", code=code[:20])
    if not 0 <= rate_bp <= WHOLE_BP:
        raise Refused("tax-rate-out-of-range")
    if rate_bp and treatment in ("exempt", "zero"):
        raise Refused("tax-code-has-no-rate", code=code[:20], treatment=treatment)
    master_edit.put(connection, master.tax_rate, org_id, code=code, valid_from=valid_from, rate_bp=rate_bp)


def put_exchange_rate(
    connection: Connection, org_id: int, currency: str, valid_from: int, rate_micro: int
) -> None:
    """Say what a unit of a currency is worth from a day on, in millionths of the base currency's.

    Raises `Refused` for a rate of nothing or beyond reason.
    """
    if not 0 < rate_micro < MOST_RATE_MICRO:
        raise Refused("currency-rate-implausible", currency=currency[:8])
    master_edit.put(
        connection,
        master.exchange_rate,
        org_id,
        currency=currency,
        valid_from=valid_from,
        rate_micro=rate_micro,
    )
