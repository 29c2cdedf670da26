"""Owns the code that a customer scans to pay through their bank, while that way of paying is chosen."""

from pos_app.language import _
from pos_app.ledger.line import TenderKind
from pos_app.ui.customer_view import CustomerView, basket_view
from pos_app.ui.session import Session
from pos_app.ui.tender_job import TenderJob


class PayNowShown:
    """The reference stays the same over one taking of money; the sum is what stands in the field."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reference = ""

    def begin(self) -> None:
        """Another customer: another reference."""
        self._reference = ""

    def beside(self, job: TenderJob, kind: TenderKind, typed: str) -> str:
        """What stands beside the amount for a way of paying, where this was typed there before."""
        if kind is not TenderKind.BANK or job.takings.hands_back or not job.takings.rate.is_home:
            return "" if typed and typed == self._reference else typed
        self._reference = self._reference or self._session.till.paynow.new_reference()
        return typed or self._reference

    def view(
        self, job: TenderJob | None, kind: TenderKind, amount: int, reference: str
    ) -> CustomerView | None:
        """What the customer sees meanwhile; None where there is nothing to scan."""
        is_ours = bool(reference) and reference == self._reference
        if job is None or kind is not TenderKind.BANK or not amount or not is_ours:
            return None
        session = self._session
        lines = basket_view(session, "").lines if job.takings.of_basket else ()
        code = session.till.paynow.code(reference, amount)
        return CustomerView(lines, _("PayNow"), session.money(amount), reference, code)
