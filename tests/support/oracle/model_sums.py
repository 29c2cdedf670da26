"""The sums of the independent model (see `model`): plain addition, and how it is compared.

Amounts are in minor units, signed the way an accountant writes them (money, goods and claims that the
shop has are positive, what it earned or owes is negative); open invoices and bills are positive for
what is still to be paid.  Quantities are in thousandths.

Base amounts: where a document's rate is a whole number, or it says its base amounts itself, the model
knows them exactly.  Otherwise it adds the exact fraction and allows one minor unit for every line, for
how a document shares its roundings out over its lines is the product's affair; that they sum to zero
is not (`differences` checks it for every business).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from pos_app.ledger.document import Head
from pos_app.ledger.line import Chit, PartyRole
from pos_app.ledger.settlement import Share

Key = tuple[Any, ...]
Cached = Mapping[Key, tuple[int, ...]]

_MILLION: Final = 1_000_000
#: How many figures each kind of balance has; the last of two is in base currency.
WIDTHS: Final = {
    "account_balance": 2,
    "party_balance": 2,
    "drawer_cash": 1,
    "stock_level": 1,
    "document_total": 3,
    "open_invoice": 2,
    "stock_value": 2,
    "party_in_business": 2,
}


class Worth:
    """An amount of one currency and what it is worth in base currency, with what may be missing of it."""

    __slots__ = ("amount", "base", "slack")

    def __init__(self, amount: int, base: Fraction | int, slack: int = 0) -> None:
        self.amount = amount
        self.base = Fraction(base)
        self.slack = slack

    def __neg__(self) -> "Worth":
        return Worth(-self.amount, -self.base, self.slack)

    def __add__(self, other: "Worth") -> "Worth":
        return Worth(self.amount + other.amount, self.base + other.base, self.slack + other.slack)

    def __sub__(self, other: "Worth") -> "Worth":
        return self + -other

    def __mul__(self, sign: int) -> "Worth":
        return Worth(self.amount * sign, self.base * sign, self.slack)

    @property
    def base_only(self) -> "Worth":
        """The same worth without an amount: a difference between rates."""
        return Worth(0, self.base, self.slack)


def worth(amount: int, rate_micro: int) -> Worth:
    """What an amount is worth at a rate (base per unit in millionths)."""
    base = Fraction(amount * rate_micro, _MILLION)
    return Worth(amount, base, 0 if base.denominator == 1 else 1)


def rounded(amount: int, rate_micro: int) -> Worth:
    """The same rounded to whole minor units, half away from zero: money that stands for itself."""
    base = Fraction(abs(amount) * rate_micro, _MILLION)
    whole = (2 * base.numerator + base.denominator) // (2 * base.denominator)
    return Worth(amount, whole if amount >= 0 else -whole)


class Books:
    """The sums, and the words in which the rest of the model speaks to them."""

    def __init__(self) -> None:
        self.balances: dict[str, dict[Key, list[Fraction]]] = {name: {} for name in WIDTHS}
        self._slack: Counter[tuple[str, Key]] = Counter()
        #: What stands with a party in a business and is on no invoice: on account, paid in advance.
        self.free: dict[Key, Worth] = {}

    def post(
        self,
        what: Head,
        account: str,
        value: Worth,
        *,
        business_id: int | None = None,
        currency: str = "",
        party: tuple[PartyRole, int] | None = None,
        drawer_id: int | None = None,
    ) -> None:
        """An account of a business goes up by this much, and with it a party's balance and a drawer."""
        business_id = what.business_id if business_id is None else business_id
        currency = currency or what.currency
        self._add("account_balance", (what.org_id, business_id, account, currency), value)
        if party is not None:
            self._add("party_balance", (what.org_id, party[0].value, party[1], currency), value)
            whose = (what.org_id, party[0].value, party[1], business_id, currency)
            self._add("party_in_business", whose, value)
            self._free(what, party, business_id, currency, value)
        if drawer_id is not None:
            self._add("drawer_cash", (what.org_id, drawer_id, currency), value)

    def move(self, what: Head, location_id: int, product_id: int, quantity: int) -> None:
        """Goods come to (or leave) a place."""
        self._add("stock_level", (what.org_id, location_id, product_id), Worth(quantity, 0))

    def open(
        self,
        what: Head,
        party: tuple[PartyRole, int],
        invoice_id: int,
        due_on: int,
        value: Worth,
        *,
        business_id: int | None = None,
    ) -> None:
        """More (or less) is open of an invoice or a bill of a business (None: the document's)."""
        business_id = what.business_id if business_id is None else business_id
        key = (what.org_id, party[0].value, party[1], business_id, invoice_id, due_on, what.currency)
        self._add("open_invoice", key, value)
        # What is on an invoice is not free: a claim of ours is a debit, a debt a credit.
        claim = -value if party[0] is PartyRole.VENDOR else value
        self._free(what, party, business_id, what.currency, -claim)

    def _free(
        self, what: Head, party: tuple[PartyRole, int], business_id: int, currency: str, value: Worth
    ) -> None:
        key = (what.org_id, business_id, party[0].value, party[1], currency)
        self.free[key] = self.free.get(key, Worth(0, 0)) + value

    def cost(self, what: Head, business_id: int, product_id: int, quantity: int, value: Worth) -> None:
        """The valued stock of a business goes up: `quantity`, worth the base of `value`."""
        key = (what.org_id, business_id, product_id)
        self._add("stock_value", key, Worth(quantity, value.base, value.slack))

    def total(self, head: Head, subtotal: int, tax_total: int) -> None:
        """A document says what its lines come to."""
        key = (head.org_id, head.document_id)
        figures = self.balances["document_total"].setdefault(key, [Fraction(0)] * 3)
        for place, figure in enumerate((subtotal, tax_total, subtotal + tax_total)):
            figures[place] += figure

    def between(self, what: Head, business_id: int, value: Worth) -> None:
        """Another business owes (positive) this one, over the clearing account of both."""
        if business_id != what.business_id:
            self.post(what, what.clearing_account, value)
            self.post(what, what.clearing_account, -value, business_id=business_id)

    def chit(self, what: Head, chit: Chit, account: str, amount: int) -> None:
        """We owe so much more (or less) to whoever holds a paper of ours; whoever took the money owes it.

        `account` is empty where the account had it already.
        """
        value = Worth(amount, amount)
        if account:
            self.post(what, account, -value, business_id=chit.business_id)
            self.between(what, chit.business_id, -value)
        issued_by = chit.document_id or what.document_id
        holder = (chit.role, chit.number)
        self.open(what, holder, issued_by, chit.expires_on, value, business_id=chit.business_id)

    def shares(
        self, what: Head, shares: Iterable[Share], names: tuple[PartyRole, int, str], sign: int
    ) -> Worth:
        """What other businesses hold of a party's money leaves them; gives what that was."""
        role, party_id, account = names
        whole = Worth(0, 0)
        for one in shares:
            gone = Worth(one.amount, one.base_amount) * sign
            self.post(what, account, gone, business_id=one.business_id, party=(role, party_id))
            self.between(what, one.business_id, gone)
            whole += gone
        return whole

    def _add(self, name: str, key: Key, value: Worth) -> None:
        figures = self.balances[name].setdefault(key, [Fraction(0)] * WIDTHS[name])
        figures[0] += value.amount
        if WIDTHS[name] == 2:
            figures[1] += value.base
            self._slack[name, key] += value.slack

    # --- comparing ------------------------------------------------------------------------------

    def differences(self, cached: Mapping[str, Cached]) -> list[str]:
        """Where the product's balances are not these: a sentence each."""
        found = [
            difference
            for name in WIDTHS
            if name in cached
            for difference in self._differences(name, cached[name])
        ]
        businesses: Counter[Key] = Counter()
        for key, values in cached["account_balance"].items():
            businesses[key[:2]] += values[1]
        return found + [f"{key} is out of balance by {sum_}" for key, sum_ in businesses.items() if sum_]

    def unlike(self, shown: Mapping[Key, tuple[int, int]]) -> list[str]:
        """Where the accounts of parties, less what is on invoices, are not what is free: a sentence each."""
        found = []
        for key in self.free.keys() | shown.keys():
            mine, (amount, base) = self.free.get(key, Worth(0, 0)), shown.get(key, (0, 0))
            if mine.amount != amount or abs(mine.base - base) > mine.slack:
                found.append(
                    f"free {key}: the product says {amount}, {base}; pencil and paper say"
                    f" {mine.amount}, {float(mine.base):.2f}"
                )
        return found

    def _differences(self, name: str, cached: Cached) -> list[str]:
        mine = self.balances[name]
        nothing = (0,) * WIDTHS[name]
        found = []
        for key in mine.keys() | cached.keys():
            expected = mine.get(key, [Fraction(0)] * WIDTHS[name])
            shown = cached.get(key, nothing)
            allowed = [0] * WIDTHS[name]
            allowed[-1] = self._slack[name, key]
            if any(
                abs(one - other) > slack for one, other, slack in zip(expected, shown, allowed, strict=True)
            ):
                said = ", ".join(f"{float(figure):.2f}" for figure in expected)
                found.append(f"{name} {key}: the product says {shown}, pencil and paper say {said}")
        return found

    def figures(self, name: str) -> dict[Key, tuple[int, ...]]:
        """The balances of one kind that are something; base amounts rounded where they are fractions."""
        return {
            key: tuple(round(figure) for figure in figures)
            for key, figures in self.balances[name].items()
            if any(figures)
        }

    def of(self, name: str, *key: Any) -> tuple[int, ...]:
        """One balance."""
        figures = self.balances[name].get(key, [Fraction(0)] * WIDTHS[name])
        return tuple(round(figure) for figure in figures)
