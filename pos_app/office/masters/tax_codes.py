"""Tax codes as the office keeps them: their rates by date, and what paper calls the tax."""

from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day
from pos_app.ledger.supply import Supply, check_supply
from pos_app.ledger.tax import NO_SALE
from pos_app.office.books import Books
from pos_app.office.masters.printed_text import check_code_and_name, check_tax_name
from pos_app.office.office import Office
from pos_app.store.journal import invoice_drafts
from pos_app.store.master import codes, letterheads, master_edit, rates
from pos_app.store.master.codes import TaxCode
from pos_app.store.master.rates import TaxListed
from pos_app.store.organisation import founding, master_import
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

#: So many products are named that stand in the way.
_MOST_SKUS: Final = 3


def set_tax(office: Office, code: str, rate_bp: int, from_day: int) -> None:
    """Say the rate of a tax code from a local day, in basis points.  Raises `Refused`."""
    check_day(from_day, "The rate")
    with office.change(Permission.EDIT_MASTER) as books:
        rates.put_tax_rate(books.connection, books.org_id, code, from_day, rate_bp)


def add_tax(
    office: Office, code: str, name: str, rate_bp: int, *, treatment: str = "inclusive", supply: str = ""
) -> None:
    """Add a tax code with its rate since ever, in basis points; `supply` is a word of `ledger.supply`.

    Raises `Refused` for one that is taken.
    """
    check_code_and_name(code, name)
    kind = check_supply(supply, treatment)
    with office.change(Permission.EDIT_MASTER) as books:
        if codes.tax_code(books.connection, books.org_id, code.strip()) is not None:
            raise Refused("tax-code-taken", code=code.strip()[:20])
        founding.add_tax_code(
            books.connection, books.org_id, code.strip(), name.strip(), rate_bp, treatment=treatment
        )
        if kind:
            master_edit.change(
                books.connection, master.tax_code, books.org_id, code.strip(), supply=kind.value
            )


def set_supply(office: Office, code: str, supply: str) -> Supply:
    """Say what kind of supply a code is on a tax return, of returns that are made from now on.

    Raises `Refused` for a word that is none, and for a kind that a code of its treatment cannot be.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        return _put_supply(books, code, supply)


def archive(office: Office, code: str) -> str:
    """Let nothing new have a tax code any more; what was recorded keeps it.  Gives it as it is spelt.

    Raises `Refused` for an archived one, one on which the program itself stands, and while a product that is
    sold or a draft has it.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        connection, org_id = books.connection, books.org_id
        master_import.lock(connection, org_id)
        found = _found(books, code)
        if not found.active:
            raise Refused("tax-code-archived-already", code=found.code)
        if found.code in NO_SALE:
            raise Refused("tax-code-of-house", code=found.code)
        sold = rates.sold_under(connection, org_id, found.code)
        if sold:
            raise Refused(
                "tax-code-of-products", code=found.code, count=len(sold), skus=", ".join(sold[:_MOST_SKUS])
            )
        drafts = [
            one
            for one in invoice_drafts.waiting(connection, org_id)
            if any(line.tax_code == found.code for line in one.lines)
        ]
        if drafts:
            raise Refused("tax-code-of-drafts", code=found.code, count=len(drafts))
        master_edit.change(connection, master.tax_code, org_id, found.code, active=0)
        return found.code


def restore(office: Office, code: str) -> str:
    """Let new things have an archived tax code again.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = _found(books, code)
        if found.active:
            raise Refused("tax-code-not-archived", code=found.code)
        master_edit.change(books.connection, master.tax_code, books.org_id, found.code, active=1)
        return found.code


def _found(books: Books, code: str) -> TaxCode:
    found = codes.tax_code(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("tax-code-unknown", code=code.strip()[:20])
    return found


def listed(office: Office) -> list[TaxListed]:
    """Every tax code with its rates, by code."""
    with office.read() as books:
        return rates.tax_list(books.connection, books.org_id)


def name_tax(office: Office, code: str, name: str) -> None:
    """Say what the tax of a code is called on paper (empty: as the country calls it).  Raises `Refused`."""
    _check_printed(name)
    with office.change(Permission.EDIT_MASTER) as books:
        _name(office, books, code, name)


def edit_tax(office: Office, code: str, name: str, supply: str) -> None:
    """Both at once, as a form says them: what the tax is called, and what it is on a return.

    Raises `Refused`.
    """
    _check_printed(name)
    with office.change(Permission.EDIT_MASTER) as books:
        _name(office, books, code, name)
        _put_supply(books, code, supply)


def _check_printed(name: str) -> None:
    if name.strip():
        check_tax_name(name.strip())


def _name(office: Office, books: Books, code: str, name: str) -> None:
    known = letterheads.tax_names(books.connection, books.org_id)
    if code not in known:
        raise Refused("tax-code-unknown-of", code=code[:20], codes=", ".join(sorted(known)))
    letterheads.name_tax(books.connection, books.org_id, code, micros(office.clock.now()), name.strip())


def _put_supply(books: Books, code: str, supply: str) -> Supply:
    found = _found(books, code)
    kind = check_supply(supply, found.treatment)
    master_edit.change(books.connection, master.tax_code, books.org_id, found.code, supply=kind.value)
    return kind
