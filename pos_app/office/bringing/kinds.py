"""Every kind of file that the office takes in: what its columns are, who may bring it, and what is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.files import price_sheet
from pos_app.files.csv_file import Chosen, CsvFile, open_csv
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import bank_statements, waiting_work
from pos_app.office.bringing import bank_rows, invoices, masters, prices, singly, stock_counts
from pos_app.office.bringing.outcome import Keeps, Outcome
from pos_app.office.masters import price_lists
from pos_app.office.office import Office


class File(NamedTuple):
    """A file that came, and how its person says that it is read; `of` names what its rows are about."""

    path: Path
    chosen: Chosen
    of: str = ""


class Kind(NamedTuple):
    """`columns` are all that it knows, `needed` those without which it is none; `is_whole`: all or nothing.

    `bring` does it, or only tries (see `outcome.Keeps`).  Of a kind whose rows are all about one thing, `of`
    gives those that there are, by code.
    """

    name: str
    needs: Permission
    columns: Callable[[Office], tuple[str, ...]]
    needed: tuple[str, ...]
    bring: Callable[[Office, File, Keeps], Outcome]
    is_whole: bool = False
    of: Callable[[Office], list[tuple[str, str]]] | None = None

    def checked_of(self, office: Office, code: str) -> str:
        """What its rows are about, empty where that is nothing.  Raises `Refused` where it is not said."""
        if self.of is None:
            return ""
        if code not in dict(self.of(office)):
            raise Refused("import-of-what")
        return code


def _master(noun: str, *needed: str) -> Kind:
    def columns(office: Office) -> tuple[str, ...]:
        return masters.WAYS[noun](office, None).sheet.names

    def bring(office: Office, file: File, keeps: Keeps) -> Outcome:
        return masters.bring(office, noun, file.path, keeps=keeps, chosen=file.chosen)

    return Kind(noun, Permission.EDIT_MASTER, columns, needed, bring)


def _singly(noun: str, *needed: str) -> Kind:
    def bring(office: Office, file: File, keeps: Keeps) -> Outcome:
        return singly.bring(office, noun, file.path, keeps=keeps, chosen=file.chosen)

    return Kind(noun, Permission.EDIT_MASTER, lambda _: singly.NOUNS[noun].names, needed, bring)


def _counted(office: Office, file: File, keeps: Keeps) -> Outcome:
    return stock_counts.bring(office, file.of, file.path, keeps=keeps, chosen=file.chosen)


def _places(office: Office) -> list[tuple[str, str]]:
    return [(code, f"{code} {name}") for code, name in waiting_work.places(office)]


def _invoices(office: Office, file: File, keeps: Keeps) -> Outcome:
    return invoices.bring(office, file.path, keeps=keeps, chosen=file.chosen)


def _bank_rows(office: Office, file: File, keeps: Keeps) -> Outcome:
    return bank_rows.bring(office, file.of, file.path, keeps=keeps, chosen=file.chosen)


def _bank_accounts(office: Office) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.number} {one.currency}") for one in bank_statements.accounts(office)]


def _prices(office: Office, file: File, keeps: Keeps) -> Outcome:
    return prices.bring(office, file.of, file.path, keeps=keeps, chosen=file.chosen)


def _lists(office: Office) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.name}") for one in price_lists.lists(office) if one.active]


KINDS: Final = {
    one.name: one
    for one in (
        _master("products", "sku"),
        _master("customers", "code"),
        _master("contacts", "code"),
        _master("meters", "code"),
        _singly("vendors", "code"),
        _singly("units", "code"),
        _singly("promotions", "code"),
        Kind(
            "price-list",
            Permission.EDIT_MASTER,
            lambda office: price_sheet.prices(office.organisation.currency).names,
            ("sku", "price"),
            _prices,
            is_whole=True,
            of=_lists,
        ),
        Kind(
            "stock-count",
            Permission.STOCK_COUNT,
            lambda _: stock_counts.COLUMNS,
            stock_counts.COLUMNS[:2],
            _counted,
            is_whole=True,
            of=_places,
        ),
        Kind(
            "bank-statement",
            Permission.MOVE_MONEY,
            lambda _: (*bank_rows.NEEDED, *bank_rows.OTHERS),
            bank_rows.NEEDED,
            _bank_rows,
            of=_bank_accounts,
        ),
        Kind(
            "invoices",
            Permission.INVOICE,
            lambda _: (*invoices.REQUIRED, *invoices.OPTIONAL),
            invoices.REQUIRED,
            _invoices,
        ),
    )
}


def kind(name: str) -> Kind:
    """A kind by its name.  Raises `Refused`."""
    if name not in KINDS:
        raise Refused("import-kind-unknown")
    return KINDS[name]


def opened(office: Office, name: str, file: File) -> CsvFile:
    """A file with its columns as they were said.  Raises `Refused`."""
    found = kind(name)
    others = tuple(one for one in found.columns(office) if one not in found.needed)
    return open_csv(file.path, found.needed, rare=others, chosen=file.chosen)
