"""Rates that hold from a day: taxes and currencies.  A document keeps the one that it was made with."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.tax import WHOLE_BP
from pos_app.store.master import codes, master_edit
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
    """The tax codes to choose from by code, with what each means on a local day (YYYYMMDD)."""
    rows = connection.execute(
        text("SELECT code, name, treatment FROM tax_code WHERE org_id = :org AND active = 1 ORDER BY code"),
        {"org": org_id},
    ).all()
    return [
        TaxChoice(
            str(row[0]),
            str(row[1]),
            TaxTerms(tax_rate(connection, org_id, str(row[0]), day), row[2] != "exclusive"),
        )
        for row in rows
    ]


def sold_under(connection: Connection, org_id: int, code: str) -> list[str]:
    """The codes of the products that are sold under a tax code."""
    rows = connection.scalars(
        text("SELECT sku FROM product WHERE org_id = :org AND tax_code = :code AND active = 1 ORDER BY sku"),
        {"org": org_id, "code": code},
    )
    return [str(sku) for sku in rows]


class TaxListed(NamedTuple):
    """A tax code with its rates (first day, basis points; day 0 is since ever), and how many products that
    are sold have it.  `printed_name` is empty where paper calls it as the country does, `supply` where rate
    and treatment say what it is on a return (`ledger.supply`).
    """

    code: str
    name: str
    treatment: str
    printed_name: str
    rates: tuple[tuple[int, int], ...]
    products: int
    active: bool
    supply: str


def tax_list(connection: Connection, org_id: int) -> list[TaxListed]:
    """Every tax code of an organisation, by code."""
    said: dict[str, list[tuple[int, int]]] = {}
    for code, day, rate_bp in connection.execute(
        text("SELECT code, valid_from, rate_bp FROM tax_rate WHERE org_id = :org ORDER BY valid_from"),
        {"org": org_id},
    ):
        said.setdefault(str(code), []).append((int(day), int(rate_bp)))
    rows = connection.execute(
        text(
            "SELECT t.code, t.name, t.treatment, t.printed_name, t.active, t.supply,"
            " (SELECT count(*) FROM product AS p WHERE p.org_id = t.org_id"
            " AND p.tax_code = t.code AND p.active = 1)"
            " FROM tax_code AS t WHERE t.org_id = :org ORDER BY t.code"
        ),
        {"org": org_id},
    )
    return [
        TaxListed(
            code,
            name,
            treatment,
            printed,
            tuple(said.get(code, ())),
            int(products),
            bool(active),
            str(supply),
        )
        for code, name, treatment, printed, active, supply, products in rows
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


def every_exchange_rate(connection: Connection, org_id: int) -> dict[str, list[tuple[int, int]]]:
    """What every currency was, is and will be worth: days and millionths, the newest first."""
    found: dict[str, list[tuple[int, int]]] = {}
    rows = connection.execute(
        text(
            "SELECT currency, valid_from, rate_micro FROM exchange_rate WHERE org_id = :org"
            " ORDER BY currency, valid_from DESC"
        ),
        {"org": org_id},
    )
    for currency, day, rate_micro in rows:
        found.setdefault(str(currency), []).append((int(day), int(rate_micro)))
    return found


def put_tax_rate(connection: Connection, org_id: int, code: str, valid_from: int, rate_bp: int) -> None:
    """Say the rate of a tax code from a day on (0: since ever), in basis points.

    Raises `Refused` for a code that is none, a rate beyond 100 % and one on what is exempt or zero-rated.
    """
    found = codes.tax_code(connection, org_id, code)
    if found is None:
        raise Refused("tax-code-unknown", code=code[:20])
    code, treatment = found.code, found.treatment
    if not 0 <= rate_bp <= WHOLE_BP:
        raise Refused("tax-rate-out-of-range")
    if rate_bp and treatment in ("exempt", "zero", "none"):
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
