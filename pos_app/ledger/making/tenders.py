"""How money that changes hands becomes the tenders of a document, and which code proves it."""

from typing import NamedTuple

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.head import reference_of
from pos_app.ledger.line import Cheque, Chit, Tender, TenderKind
from pos_app.ledger.mpesa_code import mpesa_code


class OtherMoney(NamedTuple):
    """Money of another currency: minor units of it, and what one of them is worth (see `Head.rate_micro`)."""

    amount: int
    currency: str
    rate_micro: int


class TenderInput(NamedTuple):
    """Money of one kind as it is keyed in: `amount` minor units of `currency` (empty: the document's own).

    The office may also say what other money settles of the document (`settles`, in its currency), at which
    rate (`rate_micro`, base currency per unit in millionths; None: the day's), and on which account it lies
    (a code; empty: the usual one).  A till may say on whose (`business_id`; 0: that of what is paid),
    and says of a cheque which bank's it is and its day.
    """

    kind: TenderKind
    amount: int
    reference: str = ""
    currency: str = ""
    settles: int | None = None
    rate_micro: int | None = None
    account: str = ""
    business_id: int = 0
    cheque: Cheque | None = None

    @property
    def settled(self) -> int:
        """What it settles of the document, where that was said or follows."""
        return self.amount if self.settles is None else self.settles


def tender_reference(kind: TenderKind, typed: str) -> str:
    """What proves a tender, as documents keep it.  Raises `Refused` for M-Pesa without its code."""
    return mpesa_code(typed) if kind is TenderKind.MPESA else reference_of(typed).upper()


def tender(
    accounts: Accounts,
    kind: TenderKind,
    amount: int,
    *,
    account: str,
    reference: str = "",
    drawer_id: int | None = None,
    business_id: int = 0,
    paid_to: str = "",
    exchanged: OtherMoney | None = None,
    chit: Chit | None = None,
    cheque: Cheque | None = None,
) -> Tender:
    """A tender that settles `amount` of its document; `exchanged` is what changed hands instead, if any did.

    `reference` is as `tender_reference` gives it, `business_id` whose account it is (0: the document's).
    """
    if exchanged is None:
        return Tender(
            kind=kind,
            amount=amount,
            account=account,
            reference=reference,
            drawer_id=drawer_id,
            business_id=0 if business_id == accounts.business_id else business_id,
            paid_to=paid_to,
            chit=chit,
            cheque=cheque,
        )
    return Tender(
        kind=kind,
        amount=amount,
        account=account,
        reference=reference,
        drawer_id=drawer_id,
        paid=exchanged.amount,
        paid_currency=exchanged.currency,
        paid_rate_micro=exchanged.rate_micro,
        exchange_account=accounts.of(AccountRole.EXCHANGE_CLEARING),
        difference_account=accounts.of(AccountRole.EXCHANGE_DIFFERENCE),
    )
