"""Statements of banks in the office: brought in, held against the books, and what each line is of.

Decisions
---------
2026-12-01  Which account a statement is of, a person says once, by the number that the bank gives it: a file
of any other number is refused, so that nobody reconciles one business with the money of another.

2026-12-01  A line of a customer's transfer that is not booked is booked by who accepts it: the payment
carries the line's own request, so that it is one document however often it is pressed, and stands by the
line as soon as it is there.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.files import camt053
from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import later, to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import note_of
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import bank_bags, booked, payments
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.payments.bank_statement import (
    WINDOW_DAYS,
    Bag,
    Kind,
    Movement,
    Proposal,
    Statement,
    Told,
    account_number,
    proposals,
    the_sure_one,
)
from pos_app.store.payments import bank_lines, bank_movements
from pos_app.store.payments.bank_lines import Account, Key, Line
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.bank_tables import ASIDE, MATCHED, OPEN

__all__ = ["ASIDE", "MATCHED", "OPEN", "Account", "Kind", "Line", "Movement", "Proposal"]

_NEEDS: Final = Permission.MOVE_MONEY
_SEES: Final = Permission.SEE_REPORTS
_MOST_NUMBER: Final = 40
#: So many documents may stand by one line.
_MOST_TOGETHER: Final = 200


class Standing(NamedTuple):
    """How an account stands: open lines, what they come to, and the books at the end of the bank's day."""

    account: Account
    name: str
    open: int
    open_amount: int
    booked: int


class Brought(NamedTuple):
    """What became of a statement: its account, how many lines it has, and how many of them were new."""

    account: Account
    lines: int
    new: int


class Opened(NamedTuple):
    """A line with what stands by it, and what it may be."""

    line: Line
    account: Account
    documents: Sequence[Movement]
    proposals: Sequence[Proposal]


# --- accounts -------------------------------------------------------------------------------------------


def standings(office: Office) -> list[Standing]:
    """Each account that is at a bank."""
    with office.read() as books:
        office.need_everywhere(books.connection, _SEES)
        connection, org_id = books.connection, books.org_id
        counts = bank_lines.counts(connection, org_id)
        found = []
        for one in bank_lines.accounts(connection, org_id):
            day = later(one.closing_day or books.today, 1)
            held = bank_movements.balance(connection, org_id, one, _midnight(books, day))
            name = books.account_named(one.code, archived=True).name
            found.append(Standing(one, name, *counts.get(one.code, (0, 0)), held))
        return found


def say_account(office: Office, code: str, number: str, currency: str = "") -> Account:
    """An account of the books (by code) is the one with this number at a bank.

    Raises `Refused` for an account that holds no money of its own, and a number that is another account's.
    """
    plain = account_number(number)
    if not 4 <= len(plain) <= _MOST_NUMBER:
        raise Refused("bank-number-none", number=number[:_MOST_NUMBER])
    with office.change(_NEEDS) as books:
        office.need_everywhere(books.connection, _NEEDS)
        named = books.account_named(code)
        if named.type is not AccountType.ASSET or named.role in payments.NO_MONEY:
            raise Refused("account-holds-no-money", code=named.code, name=named.name)
        money = find_currency(currency.strip().upper()) if currency else books.organisation.currency
        known = {one.code: one for one in bank_lines.accounts(books.connection, books.org_id)}
        other = next((one for one in known.values() if one.number == plain and one.code != named.code), None)
        if other is not None:
            raise Refused("bank-number-of-other", number=plain, code=other.code)
        before = known.get(named.code)
        if before is not None and before.currency != money.code:
            raise Refused("bank-currency-stays", code=named.code, currency=before.currency)
        account = Account(named.code, plain, money.code)
        bank_lines.say_account(books.connection, books.org_id, account)
        return account


def accounts(office: Office) -> list[Account]:
    """Those that are at a bank, by code."""
    with office.read() as books:
        return bank_lines.accounts(books.connection, books.org_id)


def account(office: Office, code: str) -> Account:
    """The account with this code.  Raises `Refused` for one that is at no bank."""
    with office.read() as books:
        return _account(books, code)


def _account(books: Books, code: str) -> Account:
    known = {one.code.casefold(): one for one in bank_lines.accounts(books.connection, books.org_id)}
    found = known.get(code.strip().casefold())
    if found is None:
        raise Refused("bank-account-unknown", code=code[:20], codes=_codes(known.values()))
    return found


def _codes(known: Iterable[Account]) -> str:
    return ", ".join(one.code for one in known)


# --- bringing in ------------------------------------------------------------------------------------------


def bring_camt(office: Office, path: Path, name: str = "") -> list[Brought]:
    """Take in every statement of a camt.053 file (sent under a `name`): all of it, or nothing.

    Raises `Refused` for a file that is none, is cut, or is of an account that none of ours is.
    """
    return bring(office, camt053.read(path), name or path.name)


def bring(office: Office, statements: Sequence[Statement], name: str) -> list[Brought]:
    """Take in statements: all of them, or nothing."""
    with office.change(_NEEDS) as books:
        office.need_everywhere(books.connection, _NEEDS)
        return [_bring(office, books, one, name) for one in statements]


def _bring(office: Office, books: Books, statement: Statement, name: str) -> Brought:
    known = {one.number: one for one in bank_lines.accounts(books.connection, books.org_id)}
    account = known.get(account_number(statement.number))
    if account is None:
        raise Refused("statement-of-unknown-account", number=statement.number[:_MOST_NUMBER])
    return take(office, books, account, statement, name)


def take(office: Office, books: Books, account: Account, statement: Statement, name: str) -> Brought:
    """Take in one statement of an account, in the caller's transaction."""
    if statement.currency != account.currency:
        raise Refused("statement-in-other-currency", currency=statement.currency, own=account.currency)
    limit = later(books.today, 1)
    if any(not 19700101 < one.day <= limit for one in statement.lines):
        raise Refused("statement-ahead")
    came = office.person.person_id, books.now
    new = bank_lines.take(books.connection, books.org_id, account, statement.lines, came)
    if statement.closing is not None and statement.closing_day:
        bank_lines.note_closing(
            books.connection, books.org_id, account.code, statement.closing, statement.closing_day
        )
    office.note(books, "import", name[:80], after=f"{account.code}: {new} of {len(statement.lines)} new")
    return Brought(account, len(statement.lines), new)


# --- looking --------------------------------------------------------------------------------------------


def lines(
    office: Office, code: str = "", state: str = OPEN, days: tuple[int, int] = (0, 0), most: int = 500
) -> list[Line]:
    """Lines that stand so (empty: any), the newest first."""
    with office.read() as books:
        office.need_everywhere(books.connection, _SEES)
        own = _account(books, code).code if code else ""
        return bank_lines.listed(books.connection, books.org_id, bank_lines.Wanted(own, state, *days), most)


def opened(office: Office, name: str) -> Opened:
    """A line by its name, with what it is of or may be.  Raises `Refused` where there is none."""
    with office.read() as books:
        office.need_everywhere(books.connection, _SEES)
        line = _line(books, name)
        found = _account(books, line.key.account)
        documents = bank_movements.of_line(
            books.connection, books.org_id, found, line.key, books.organisation.time_zone
        )
        may_be = _proposals(books, found, [line])[0] if line.state == OPEN else []
        return Opened(line, found, documents, may_be)


def proposed(office: Office, told: Sequence[Line]) -> list[list[Proposal]]:
    """What each of several lines may be."""
    with office.read() as books:
        office.need_everywhere(books.connection, _SEES)
        known = {one.code: one for one in bank_lines.accounts(books.connection, books.org_id)}
        made: dict[Key, list[Proposal]] = {}
        for code in {one.key.account for one in told}:
            own = [one for one in told if one.key.account == code]
            pairs = zip(own, _proposals(books, known[code], own), strict=True)
            made |= {one.key: each for one, each in pairs}
        return [made[one.key] for one in told]


def _proposals(books: Books, account: Account, told: Sequence[Line]) -> list[list[Proposal]]:
    first, last = min(one.key.day for one in told), max(one.key.day for one in told)
    wanted = bank_movements.Wanted(
        _midnight(books, later(first, -WINDOW_DAYS)),
        _midnight(books, later(last, WINDOW_DAYS + 1)),
        frozenset(one.key.amount for one in told),
    )
    connection, org_id = books.connection, books.org_id
    moved = bank_movements.unmatched(connection, org_id, account, wanted, books.organisation.time_zone)
    came = [one.key.amount for one in told if one.key.amount > 0]
    claims = bank_movements.claims(connection, org_id, account.currency, min(came)) if came else []
    bags = [
        Bag(one.bag.bag, one.bag.amount)
        for one in bank_bags.waiting(books)
        if one.bag.currency == account.currency
        and books.account(AccountRole.BANK, one.bag.business_id) == account.code
    ]
    return [proposals(one.told, moved, claims, bags) for one in told]


def _midnight(books: Books, day: int) -> datetime:
    return datetime.combine(to_date(day), time(), zone(books.organisation.time_zone))


def _line(books: Books, name: str, *, lock: bool = False) -> Line:
    key = bank_lines.key_of(name.strip())
    found = None if key is None else bank_lines.find(books.connection, books.org_id, key, lock=lock)
    if found is None:
        raise Refused("bank-line-unknown", line=name[:60])
    return found


# --- saying what a line is --------------------------------------------------------------------------------


def accept(office: Office, name: str, kind: Kind, key: str) -> Line:
    """A line is what a proposal says: it is matched with what is booked, or what it is of is booked first.

    Raises `Refused` for a line that is not open (any more), and for what it cannot be.
    """
    if kind is Kind.BOOKED:
        return match(office, name, [key])
    with office.read() as books:
        line = _line(books, name)
    if line.state != OPEN:
        raise Refused("bank-line-not-open", line=name[:60])
    reference = (line.told.bank_reference or line.told.reference or line.key.name)[:40]
    occasion = PostingDetails(on=line.key.day, request_id=_request(office, line.key))
    if kind is Kind.BAG:
        why = f"statement {reference}"
        made = bank_bags.bank(office, key, line.key.amount, occasion, reference=reference, reason=why)
    else:
        made = _paid(office, line, int(key) if key.isascii() and key.isdecimal() else 0, reference, occasion)
    return match(office, name, [str(made.document.document_id)])


def _paid(office: Office, line: Line, invoice_id: int, reference: str, occasion: PostingDetails) -> Recorded:
    """The payment of an invoice by a line, once."""
    with office.read() as books:
        currency = _account(books, line.key.account).currency
        claims = bank_movements.claims(books.connection, books.org_id, currency, line.key.amount)
    claim = next((one for one in claims if one.invoice_id == invoice_id), None)
    before = booked.of_request(office, occasion.request_id)
    if claim is None and before is None:
        raise Refused("bank-line-not-that", line=line.key.name)
    tender = TenderInput(TenderKind.BANK, line.key.amount, reference, account=line.key.account)
    wanted = [InvoiceChoice(invoice_id, line.key.amount)]
    return payments.receive(office, "" if claim is None else claim.party_code, [tender], wanted, occasion)


def match(office: Office, name: str, named: Sequence[str]) -> Line:
    """A line is of these documents (by key or number): together they did to the account what it says.

    Raises `Refused` where they come to another sum, or stand by a line already.
    """
    if not 0 < len(named) <= _MOST_TOGETHER:
        raise Refused("bank-match-none")
    keys = [int(one) if one.isascii() and one.isdecimal() else booked.find(office, one) for one in named]
    with office.change(_NEEDS) as books:
        office.need_everywhere(books.connection, _NEEDS)
        line = _line(books, name, lock=True)
        if line.state != OPEN:
            raise Refused("bank-line-not-open", line=name[:60])
        account = _account(books, line.key.account)
        connection, org_id = books.connection, books.org_id
        moved = [bank_movements.of_document(connection, org_id, account, one) for one in dict.fromkeys(keys)]
        if sum(moved) != line.key.amount:
            money = find_currency(account.currency)
            raise Refused(
                "bank-match-sum",
                line=grouped_text(line.key.amount, money),
                documents=grouped_text(sum(moved), money),
            )
        by = office.person.person_id, books.now
        if not bank_lines.match(connection, org_id, line.key, list(dict.fromkeys(keys)), by):
            raise Refused("bank-document-matched")
        return line._replace(state=MATCHED)


def accept_sure(office: Office, code: str = "") -> list[tuple[Line, Proposal]]:
    """Accept every open line of which one proposal, and one alone, is sure; gives what was accepted."""
    done = []
    for line, may_be in _with_proposals(office, code):
        sure = the_sure_one(may_be)
        if sure is None:
            continue
        try:
            accept(office, line.key.name, sure.kind, sure.key)
        except Refused:
            # Another line took it meanwhile, or its right is another's: it stays open, and is seen.
            continue
        done.append((line, sure))
    return done


def _with_proposals(office: Office, code: str) -> list[tuple[Line, list[Proposal]]]:
    found = lines(office, code, most=5_000)
    return list(zip(found, proposed(office, found), strict=True)) if found else []


def set_aside(office: Office, name: str, reason: str) -> Line:
    """Say what a line was, of which the books know nothing.  Raises `Refused` without a reason."""
    note = _reason(reason)
    with office.change(_NEEDS) as books:
        office.need_everywhere(books.connection, _NEEDS)
        line = _line(books, name, lock=True)
        if line.state != OPEN:
            raise Refused("bank-line-not-open", line=name[:60])
        bank_lines.set_aside(books.connection, books.org_id, line.key, note)
        return line._replace(state=ASIDE, note=note)


def undo(office: Office, name: str, reason: str) -> Line:
    """Open a line again: what was said of it was wrong.  What was booked stays booked.

    Raises `Refused` for one that is open, and without a reason.
    """
    note = _reason(reason)
    with office.change(_NEEDS) as books:
        office.need_everywhere(books.connection, _NEEDS)
        line = _line(books, name, lock=True)
        if line.state == OPEN:
            raise Refused("bank-line-open", line=name[:60])
        bank_lines.undo(books.connection, books.org_id, line.key, note)
        return line._replace(state=OPEN, note=note)


def _reason(reason: str) -> str:
    note = note_of(reason)
    if not note:
        raise Refused("decision-without-reason")
    return note


def _request(office: Office, key: Key) -> str:
    told = f"bank line {office.org_id} {key.name}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


# --- files of rows ----------------------------------------------------------------------------------------


def told_of(amount: int, day: int, cells: dict[str, str], value_day: int = 0) -> Told:
    """A line of a row of a file."""
    return Told(
        day,
        amount,
        value_day,
        cells.get("bank_reference", "")[:120],
        cells.get("reference", "")[:120],
        cells.get("payer", "")[:120],
        cells.get("details", "")[:300],
    )
