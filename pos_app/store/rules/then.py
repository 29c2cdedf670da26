"""What master data say, and said when a document was recorded: read once a batch, a query a kind."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.day import day_of
from pos_app.ledger.document import Document
from pos_app.ledger.head import Head
from pos_app.ledger.house_rule import RULES, HouseRule
from pos_app.ledger.judging import FOREVER_US, Dated, Held, held_at
from pos_app.ledger.pack import Packed
from pos_app.ledger.price import FINE
from pos_app.ledger.pricing.rules import Rules
from pos_app.store.engine.engine import quick
from pos_app.store.master import price_rules, promotion_rules
from pos_app.store.master.price_rules import Member
from pos_app.store.master.promotion_rules import Named
from pos_app.store.tables.former_table import AGREED, BUSINESS, LIMIT, PACK, PRICE, RATE, RULE, TAX

#: What the judges of closes and of credit ask (`close_judge`, `credit_judge`).
JUDGED_RULES: Final = frozenset(
    {
        HouseRule.CREDIT_WHOLE_HOURS,
        HouseRule.CREDIT_NONE_HOURS,
        HouseRule.DRAWER_OF_PERSON,
        HouseRule.CLOSE_REASON_FROM,
        HouseRule.COUNT_OTHER_MONEY,
        HouseRule.COUNT_CYLINDERS,
    }
)


@dataclass
class Known:
    """A product as the centre has it and had it: list prices in ten-thousandths of a minor unit.

    `businesses` are those whose it is and was, by key.
    """

    sku: str = ""
    tax_code: str = ""
    tax_codes: list[str] = field(default_factory=list)
    prices: list[Held] = field(default_factory=list)
    businesses: list[Held] = field(default_factory=list)
    #: What one of its unit costs and cost in packs, by the unit of the pack and how many are in it; 0 is as
    #: much as by itself.
    packs: dict[tuple[str, int], list[Held]] = field(default_factory=dict)

    def prices_in(self, pack: Packed | None) -> list[Held]:
        """What it costs and cost by itself, or in a pack; what nobody ever packed so costs as by itself."""
        packed = None if pack is None else self.packs.get((pack.unit, pack.size))
        if packed is None:
            return self.prices
        found = [
            Held(own.value, min(own.until_us, held.until_us))
            for held in packed
            for own in ([held] if held.value else self.prices)
        ]
        return sorted(found, key=lambda one: -one.until_us)


@dataclass
class Tax:
    """A tax code: whether prices hold the tax, and its rates in basis points."""

    inclusive: bool = True
    rates: list[Dated] = field(default_factory=list)


@dataclass
class Then:
    """What was so, as far as the documents of a batch ask for it.

    `agreed` has None where an agreement was not in force.
    """

    base: str = ""
    #: The smallest coin of the organisation, in minor units of its currency.
    cash_step: int = 1
    time_zone: str = "UTC"
    products: dict[int, Known] = field(default_factory=dict)
    agreed: dict[tuple[int, int], list[tuple[int | None, int]]] = field(default_factory=dict)
    #: What price lists say of the products, and in which groups the customers are and were.
    lists: Rules = field(default_factory=Rules)
    groups: dict[int, list[Member]] = field(default_factory=dict)
    #: The promotions that the documents name.
    promotions: dict[int, Named] = field(default_factory=dict)
    #: When the centre asks, in microseconds since 1970.
    now_us: int = 0
    taxes: dict[str, Tax] = field(default_factory=dict)
    rates: dict[str, list[Dated]] = field(default_factory=dict)
    #: Whether an approver must be another than the seller, by depot (0: everywhere).
    another: dict[int, list[Held]] = field(default_factory=dict)
    #: What the house ruled of drawers, closes and credit, by rule and depot (0: everywhere).
    house: dict[tuple[str, int], list[Held]] = field(default_factory=dict)
    #: The names of the businesses, and the M-Pesa numbers that they have and had, each with when it ended.
    businesses: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    _days: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def ruled(self, rule: HouseRule, depot_id: int, at_us: int) -> list[int]:
        """What a rule of the house was at a depot at a moment or since; its own goes before the house's."""
        own, every = self.house.get((rule, depot_id), ()), self.house.get((rule, 0), ())
        found = held_at(own, at_us)
        if all(until_us != FOREVER_US for _, until_us in own):
            found += held_at(every, at_us)
            if all(until_us != FOREVER_US for _, until_us in every):
                found.append(RULES[rule].default)
        return found

    def day(self, document: Head) -> int:
        """The local day on which a document happened."""
        # No zone has a midnight within a quarter of an hour.
        moment = document.occurred_at
        quarter = (moment.toordinal(), moment.hour, moment.minute // 15)
        known = self._days.get(quarter)
        if known is None:
            known = self._days[quarter] = day_of(moment, self.time_zone)
        return known


_TERMS: Final = (
    "SELECT 'org' AS what, base_currency, time_zone, 0, cash_step, 0, 0 FROM organisation WHERE org_id = ?"
    " UNION ALL SELECT 'code', code, treatment, 0, 0, 0, 0 FROM tax_code WHERE org_id = ?"
    f" UNION ALL SELECT '{TAX}', code, '', valid_from, rate_bp, 0, 0 FROM tax_rate WHERE org_id = ?"
    f" UNION ALL SELECT '{RATE}', currency, '', valid_from, rate_micro, 0, 0 FROM exchange_rate"
    " WHERE org_id = ? AND currency = ANY (?)"
    " UNION ALL SELECT subject, code, tax_code, of_id, amount, fine, until_us FROM former_term"
    f" WHERE org_id = ? AND (subject IN ('{TAX}', '{RULE}') OR subject = '{RATE}' AND code = ANY (?)"
    f" OR subject IN ('{PRICE}', '{BUSINESS}') AND of_id = ANY (?))"
    f" UNION ALL SELECT '{RULE}', name, '', depot_id, value, 0, 0 FROM house_rule WHERE org_id = ?"
    f" UNION ALL SELECT '{PRICE}', sku, tax_code, product_id, price, price_fine, 0 FROM product"
    " WHERE org_id = ? AND product_id = ANY (?)"
    f" UNION ALL SELECT '{BUSINESS}', '', '', product_id, business_id, 0, 0 FROM product"
    " WHERE org_id = ? AND product_id = ANY (?)"
    " UNION ALL SELECT 'name', name, '', business_id, 0, 0, 0 FROM business WHERE org_id = ?"
    " UNION ALL SELECT 'number', mpesa_till, mpesa_paybill, business_id, 0, 0, 0 FROM business"
    " WHERE org_id = ? UNION ALL SELECT 'number', mpesa_till, mpesa_paybill, business_id, 0, 0, until_us"
    " FROM business_former WHERE org_id = ?"
)
_AGREED: Final = (
    "SELECT party_id, product_id, price, price_fine, active, 0 FROM contract_rate"
    " WHERE org_id = ? AND party_id = ANY (?) AND product_id = ANY (?)"
    " UNION ALL SELECT of_id, with_id, amount, fine, active, until_us FROM former_term"
    f" WHERE org_id = ? AND subject = '{AGREED}' AND of_id = ANY (?) AND with_id = ANY (?)"
)
_PACKS: Final = (
    "SELECT product_id, unit_code, quantity, each_price, each_fine, 0 FROM product_pack"
    " WHERE org_id = ? AND product_id = ANY (?) AND active = 1"
    " UNION ALL SELECT of_id, code, with_id, amount, fine, until_us FROM former_term"
    f" WHERE org_id = ? AND subject = '{PACK}' AND of_id = ANY (?) AND active = 1"
)
_NOW: Final = "SELECT (extract(epoch FROM now()) * 1000000)::bigint"
_LIMITS: Final = (
    "SELECT party_id, credit_limit, active, 0 FROM party_role"
    " WHERE org_id = ? AND party_id = ANY (?) AND role = 'customer'"
    " UNION ALL SELECT of_id, amount, active, until_us FROM former_term"
    f" WHERE org_id = ? AND subject = '{LIMIT}' AND of_id = ANY (?) AND code = 'customer'"
)


def load(
    connection: Connection,
    org_id: int,
    products: Iterable[int],
    parties: Iterable[int],
    currencies: set[str],
    *,
    promotions: Collection[int] = (),
) -> Then:
    """What was so of these products, customers, currencies and promotions."""
    then, ids, foreign = Then(), list(products), list(currencies)
    first = (org_id, org_id, org_id, org_id, foreign, org_id, foreign, ids, org_id, org_id, ids)
    bound = (*first, org_id, ids, org_id, org_id, org_id)
    for what, *row in quick(connection, _TERMS, *bound).fetchall():
        _take(then, what, row)
    for known in then.products.values():
        # What holds now comes first.
        known.prices.sort(key=lambda one: -one.until_us)
    for key, unit, size, price, fine, until_us in quick(
        connection, _PACKS, org_id, ids, org_id, ids
    ).fetchall():
        held = Held(price * FINE + fine, until_us or FOREVER_US)
        then.products.setdefault(key, Known()).packs.setdefault((unit, size), []).append(held)
    customers = list(parties)
    then.lists = price_rules.load(connection, org_id, ids)
    then.promotions = promotion_rules.named(connection, org_id, promotions, ids)
    if not then.lists.are_none or then.promotions:
        then.now_us = int(quick(connection, _NOW).fetchone()[0])
        then.groups = {key: price_rules.members(connection, org_id, key) for key in customers}
    if ids and customers:
        asked = (org_id, customers, ids, org_id, customers, ids)
        for party_id, key, amount, fine, active, until_us in quick(connection, _AGREED, *asked).fetchall():
            price = amount * FINE + fine if active else None
            then.agreed.setdefault((party_id, key), []).append((price, until_us or FOREVER_US))
    return then


def _take(then: Then, what: str, row: Sequence[Any]) -> None:
    code, text_, key, amount, fine, ended_us = row
    until_us = ended_us or FOREVER_US
    if what == "org":
        then.base, then.time_zone, then.cash_step = code, text_, amount
    elif what == "code":
        then.taxes.setdefault(code, Tax()).inclusive = text_ != "exclusive"
    elif what == TAX:
        then.taxes.setdefault(code, Tax()).rates.append(Dated(key, amount, until_us))
    elif what == RATE:
        then.rates.setdefault(code, []).append(Dated(key, amount, until_us))
    elif what == RULE and code == HouseRule.APPROVER_IS_ANOTHER:
        then.another.setdefault(key, []).append(Held(amount, until_us))
    elif what == RULE and code in JUDGED_RULES:
        then.house.setdefault((code, key), []).append(Held(amount, until_us))
    elif what == BUSINESS:
        then.products.setdefault(key, Known()).businesses.append(Held(amount, until_us))
    elif what == "name":
        then.businesses[key] = code
    elif what == "number":
        then.numbers.setdefault(key, []).extend((one, until_us) for one in (code, text_) if one)
    elif what == PRICE:
        known = then.products.setdefault(key, Known())
        known.prices.append(Held(amount * FINE + fine, until_us))
        known.tax_codes.append(text_)
        if not ended_us:
            known.sku, known.tax_code = code, text_


def limits(connection: Connection, org_id: int, parties: Sequence[int]) -> dict[int, list[Held]]:
    """The credit limits of customers, now and before, in minor units of the base currency."""
    found: dict[int, list[Held]] = {}
    bound = (org_id, list(parties), org_id, list(parties))
    for party_id, amount, active, until_us in quick(connection, _LIMITS, *bound).fetchall():
        one = Held(amount if active else 0, until_us or FOREVER_US)
        found.setdefault(party_id, []).append(one)
    return found


def others_debits(connection: Connection, org_id: int, party_id: int, document: Document, since: Any) -> int:
    """What others put on a customer's account since a moment, in minor units of the base currency."""
    row = quick(
        connection,
        "SELECT coalesce(sum(l.base_amount), 0) FROM journal_line AS l JOIN document AS d"
        " ON d.org_id = l.org_id AND d.document_id = l.document_id WHERE l.org_id = ?"
        " AND l.party_role = 'customer' AND l.party_id = ? AND l.base_amount > 0"
        " AND d.terminal_no <> ? AND d.recorded_at >= ?",
        org_id,
        party_id,
        document.terminal_no,
        since,
    ).fetchone()
    return int(row[0])
