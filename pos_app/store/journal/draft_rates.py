"""The rates of a draft: those of the day on which it is dated, of its taxes and of its currency.

Decisions
---------
2026-11-29  A draft is taxed and changed by the day that stands on it, as its document will be, not by the day
on which it was typed: dated anew it is rated anew, and so it is when it is posted, for a rate may have come
meanwhile that holds from before.  Whoever posts it is told of another total.

2026-11-29  An exchange rate that somebody typed stays: it was agreed.  It is known by being none that the
office ever set.  What another program issued stays as it was issued until it is dated anew.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, text

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import minor_rate
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft
from pos_app.store.master import place, rates

_TAX_ROLE: Final = {"invoice": AccountRole.TAX_PAYABLE, "bill": AccountRole.INPUT_TAX}


def rated(connection: Connection, org_id: int, draft: Draft) -> Draft:
    """The draft at the rates of its day; its totals are not made anew.

    Raises `Refused` where the office has set no rate for that day, and for a bill of goods that were received
    in another currency: what it takes back was worth something else.
    """
    changed = replace(draft, lines=tuple(_taxed(connection, org_id, draft, line) for line in draft.lines))
    rate_micro = _exchange_rate(connection, org_id, draft)
    if rate_micro != draft.rate_micro and any(line.receipt_id is not None for line in draft.lines):
        raise Refused("draft-of-receipt-rated", currency=draft.currency, day=to_date(draft.dated_on))
    return replace(changed, rate_micro=rate_micro)


def rate_again(connection: Connection, org_id: int, request_id: str, at: datetime) -> Draft | None:
    """Give a draft that waits the rates of its day; gives it where that made it another, saved as such."""
    draft = invoice_drafts.get(connection, org_id, request_id)
    if draft is None or draft.number or draft.document_id is not None or not draft.active:
        return None
    changed = rated(connection, org_id, draft)
    return None if changed == draft else invoice_drafts.save(connection, org_id, changed, at)


def _taxed(connection: Connection, org_id: int, draft: Draft, line: DraftLine) -> DraftLine:
    found = rates.tax_terms(connection, org_id, line.tax_code, draft.dated_on) if line.tax_code else None
    if found is None or found.rate_bp == line.tax_rate_bp:
        return line
    account = line.tax_account
    if found.rate_bp and not account:
        account = Accounts(place.chart(connection, org_id), line.business_id).of(_TAX_ROLE[draft.kind])
    return msgspec.structs.replace(line, tax_rate_bp=found.rate_bp, tax_account=account)


def _exchange_rate(connection: Connection, org_id: int, draft: Draft) -> int:
    base = connection.execute(
        text("SELECT base_currency FROM organisation WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    if draft.currency == base:
        return draft.rate_micro
    foreign, own = find_currency(draft.currency), find_currency(str(base))
    ever = connection.scalars(
        text("SELECT rate_micro FROM exchange_rate WHERE org_id = :org AND currency = :currency"),
        {"org": org_id, "currency": draft.currency},
    )
    if draft.rate_micro not in {minor_rate(int(one), foreign, own) for one in ever}:
        return draft.rate_micro
    said = rates.exchange_rate(connection, org_id, draft.currency, draft.dated_on)
    if said is None:
        raise Refused("rate-not-set", currency=draft.currency)
    return minor_rate(said, foreign, own)
