"""How money that changes hands becomes the tenders of a document, and which code proves it.

Decisions
---------
2026-11-29  An M-Pesa code has one form everywhere: eight to twelve letters and digits in capitals, as in the
message.  Whoever types it in small letters means the same money, and money is money once.
"""

from typing import Final, NamedTuple

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import reference_of
from pos_app.ledger.line import Tender, TenderKind

_CODE_LENGTHS: Final = range(8, 13)


class OtherMoney(NamedTuple):
    """Money of another currency: minor units of it, and what one of them is worth (see `Head.rate_micro`)."""

    amount: int
    currency: str
    rate_micro: int


class TenderInput(NamedTuple):
    """Money of one kind as it is keyed in: `amount` minor units of `currency` (empty: the document's own).

    The office may also say what other money settles of the document (`settles`, in its currency), at which
    rate (`rate_micro`, base currency per unit in millionths; None: the day's), and on which account it lies
    (a code; empty: the usual one).
    """

    kind: TenderKind
    amount: int
    reference: str = ""
    currency: str = ""
    settles: int | None = None
    rate_micro: int | None = None
    account: str = ""

    @property
    def settled(self) -> int:
        """What it settles of the document, where that was said or follows."""
        return self.amount if self.settles is None else self.settles


def mpesa_code(typed: str) -> str:
    """The code of an M-Pesa message as documents keep it.  Raises `Refused` for what is none."""
    code = reference_of(typed).upper()
    if not (code.isalnum() and code.isascii() and len(code) in _CODE_LENGTHS):
        raise Refused("mpesa-code-malformed")
    return code


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
    exchanged: OtherMoney | None = None,
) -> Tender:
    """A tender that settles `amount` of its document; `exchanged` is what changed hands instead, if any did.

    `reference` is as `tender_reference` gives it.
    """
    if exchanged is None:
        return Tender(kind=kind, amount=amount, account=account, reference=reference, drawer_id=drawer_id)
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
