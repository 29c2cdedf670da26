"""What a paper needs to know beside its document: who sells where, and the names of what it mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pos_app.fiscal.regime import Receipt
from pos_app.language import printed
from pos_app.ledger.document import (
    CreditNote,
    Document,
    DrawerClose,
    Expense,
    Invoice,
    JournalEntry,
    MoneyTransfer,
    Refund,
    Reversal,
    Sale,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.slips.drawer_cash import CashFlow
from pos_app.store.documents import documents
from pos_app.store.fiscal import papers
from pos_app.store.master import codes, letterheads, organisations, people, pictures
from pos_app.store.master.letterheads import Seller, TaxName
from pos_app.store.report_queries import chart_of_accounts, invoice_history, shift_figures
from pos_app.store.report_queries.named import GoodsName, Named, named
from pos_app.store.report_queries.shift_figures import ShiftFigures, Stretched
from pos_app.store.tables.columns import micros


@dataclass(frozen=True)
class Letterhead:
    """What stands above and below every receipt of a depot, as it was when the document was recorded.

    `head` and `footer` may have several lines.  `sellers` are the businesses by key, `taxes` the tax codes.
    `logos` are PNGs by business, those of now: a logo is decoration, and says nothing of who sold.
    `proof` is the beginning of the document's hash and of its signature, in hex; empty where it has none.
    """

    organisation: str
    depot: str
    number_prefix: str
    address: str
    phone: str
    footer: str
    time_zone: str
    head: str = ""
    currency: str = ""
    sellers: Mapping[int, Seller] = field(default_factory=dict)
    taxes: Mapping[str, TaxName] = field(default_factory=dict)
    proof: str = ""
    logos: Mapping[int, bytes] = field(default_factory=dict)
    #: What an authority's device made of it, part by part; empty where nobody signs.
    fiscal: tuple[Receipt, ...] = ()

    def logo_of(self, sellers: Sequence[Seller]) -> bytes:
        """What stands above the paper of one seller; nothing where there are several, or no logo."""
        return self.logos.get(sellers[0].business_id, b"") if len(sellers) == 1 else b""


def letterhead_of(connection: Connection, document: Document) -> Letterhead:
    """The letterhead of a document's depot and sellers, as it was when the document was recorded.

    Raises `Refused` where the depot is not known here.
    """
    org_id, recorded_us = document.org_id, micros(document.recorded_at)
    organisation = organisations.get(connection, org_id)
    depot = letterheads.depots(connection, org_id, recorded_us).get(document.depot_id)
    code = codes.depot_of(connection, org_id, document.depot_id)
    if organisation is None or depot is None or code is None:
        raise Refused("invoice-place-missing")
    return Letterhead(
        organisation=organisation.name,
        depot=depot.name,
        number_prefix=code.number_prefix,
        address=depot.address,
        phone=depot.phone,
        footer=depot.receipt_footer,
        time_zone=organisation.time_zone,
        head=depot.receipt_head,
        currency=organisation.currency.code,
        sellers=letterheads.sellers(connection, org_id, recorded_us),
        taxes=letterheads.tax_names(connection, org_id, recorded_us),
        proof=documents.proof_of(connection, org_id, document.document_id),
        logos={key: pictures.drawn(one) for key, one in pictures.logos(connection, org_id).items()},
        fiscal=papers.of_paper(connection, document),
    )


@dataclass(frozen=True)
class Names:
    """The people on a receipt; empty where there is none.

    `owes` is what the party owes after it (negative: has with us), in minor units, where that is printed.
    `accounts` names the accounts that a paper mentions, by code, `flows` say on the close of a drawer why
    that much was expected, and `named` has the names of all that the document mentions by key.  `came_from`
    is the place that a transfer was sent from.  `figures` are what the shift of a Z comes to.
    """

    person: str
    party: str = ""
    party_tax: str = ""
    owes: int | None = None
    approver: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    flows: tuple[CashFlow, ...] = ()
    named: Named = field(default_factory=Named)
    came_from: str = ""
    figures: ShiftFigures | None = None

    def goods(self, product_id: int) -> GoodsName:
        """What a product is called; by its number where it is not known here."""
        unknown = GoodsName(printed("Product {number}", number=product_id), "")
        return self.named.goods.get(product_id, unknown)

    def pieces(self, product_id: int, quantity: int) -> str:
        """So much of a product, in its unit."""
        return f"{quantity_text(quantity)} {self.goods(product_id).unit}".rstrip()


def number_of(document: Document, head: Letterhead) -> str:
    """The printed number."""
    return printed_number(head.number_prefix, document.terminal_no, document.series, document.number)


def local(moment: datetime, head: Letterhead) -> str:
    """A moment as the depot's clock showed it."""
    return moment.astimezone(ZoneInfo(head.time_zone)).strftime("%d.%m.%Y %H:%M")


def names_of(connection: Connection, document: Document) -> Names:
    """The names of who and what a document is about; nothing of balances."""
    org_id = document.org_id
    known = named(connection, org_id, document)
    party_id: int | None = getattr(document, "party_id", None)
    accounts: dict[str, str] = {}
    if isinstance(document, Expense | MoneyTransfer | JournalEntry | Reversal):
        chart = chart_of_accounts.accounts(connection, org_id)
        accounts = {account.code: account.name for account in chart.values()}
    approver = document.approver_id
    return Names(
        person=people.person_name(connection, org_id, document.person_id),
        party=known.parties.get(party_id, "") if party_id is not None else "",
        party_tax=_tax_number(connection, document, party_id),
        approver="" if approver is None else people.person_name(connection, org_id, approver),
        accounts=accounts,
        named=known,
        figures=_shift(connection, document),
    )


def _shift(connection: Connection, document: Document) -> ShiftFigures | None:
    """What the shift of a Z comes to; None for every other document, and for a Z of before there were any."""
    if not isinstance(document, DrawerClose) or document.stretch is None:
        return None
    organisation = organisations.get(connection, document.org_id)
    if organisation is None:
        return None
    whose = Stretched(document.org_id, document.terminal_no, document.stretch.first_seq, document.seq)
    return shift_figures.of_stretch(connection, whose, organisation.time_zone)


def _tax_number(connection: Connection, document: Document, party_id: int | None) -> str:
    """Whom the tax office knows the buyer as, where goods are sold to them."""
    if party_id is None or not isinstance(document, Sale | Refund | Invoice | CreditNote):
        return ""
    to = invoice_history.addressee(connection, document.org_id, party_id)
    return to.tax_number if to else ""
