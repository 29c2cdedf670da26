"""Owns the names of the ways that lead from one screen on to another: what each needs to be told.

Decisions
---------
2026-11-29  A screen asks for a way by what is to be done there and never names the class of another screen:
the classes stand in `window_ways` and in the menu of the depot.  They are imported when a way is first gone,
so that the first picture of the window waits for none of them.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from pos_app.till.purchasing.ordering import OpenOrder
from pos_app.till.receivables.credit_note import Creditable
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.stock.stock import Reorder
from pos_app.till.stock.transfers import OnTheWay
from pos_app.ui.tender_job import TenderJob


class Ways(Protocol):
    """Where a screen can send the person; the way back is the window's (`Navigator.back`)."""

    def depot(self) -> None:
        """The menu of all that is done beside selling."""
        ...

    def customers(self, party: Party | None) -> None:
        """Look at this customer, or at everybody; choose who buys the basket at hand."""
        ...

    def receipts(self, number: str = "") -> None:
        """Look through what was recorded last, or at the document with this number."""
        ...

    def drawer(self) -> None:
        """Open, count or close the drawer."""
        ...

    # -- money -----------------------------------------------------------------------------------

    def take_money(self, job: TenderJob) -> None:
        """Take the money, or hand it back, for this."""
        ...

    def done(self, words: str, figure: int, done: Recorded, detail: str = "") -> None:
        """See what a recorded document came to; `detail` stands in the place of its total."""
        ...

    def refund(self, number: str = "") -> None:
        """Take goods back: of the receipt with this number, or of one that is asked for."""
        ...

    def receive_payment(self, party: Party) -> None:
        """Say which invoices the customer pays, and how much."""
        ...

    def write_invoice(self, party: Party) -> None:
        """Write the basket at hand to this customer's account."""
        ...

    def invoice_drafts(self) -> None:
        """Look through the invoices that are not written yet."""
        ...

    def credit(self, credited: Creditable) -> None:
        """Credit lines of this invoice."""
        ...

    # -- goods -----------------------------------------------------------------------------------

    def count_stock(self, product: Product) -> None:
        """Count this product, among others."""
        ...

    def order_short(self, vendor: Party | None, short: Sequence[Reorder]) -> None:
        """Order these of the reorder list, after a look at how many."""
        ...

    def receive_order(self, order: OpenOrder) -> None:
        """Take in what comes of this order."""
        ...

    def receive_loose(self) -> None:
        """Take goods in that nobody ordered here."""
        ...

    def receive_transfer(self, transfer: OnTheWay) -> None:
        """Take in what comes of this transfer."""
        ...

    def move_returnables(self, party_id: int | None, name: str) -> None:
        """Give cylinders and bottles out or take them back; None is somebody without a name."""
        ...

    def owned_cylinders(self) -> None:
        """See where all cylinders are, and what made them more or fewer."""
        ...

    def half_return(self) -> None:
        """Take cylinders back that are partly full."""
        ...

    def laundry_order(self, order_id: int) -> None:
        """Look at what a customer left here: the order with this key, marked."""
        ...

    def take_in_laundry(self, taken_in: Callable[[int], object]) -> None:
        """Take a customer's things in; `taken_in` is told the order once the person is back."""
        ...
