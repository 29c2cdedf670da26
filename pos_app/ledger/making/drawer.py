"""How what happens at a cash drawer becomes a document: it opens, cash goes in and out, it is counted."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.closing import MoneyCount, PieceCount, Recount
from pos_app.ledger.document import SERIES, CashMovement, CashReason, DrawerClose, DrawerOpen
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import CashCount

#: Where the cash of each reason comes from or goes to.
_CONTRA: Final = {
    CashReason.FLOAT: AccountRole.SAFE,
    CashReason.SAFE_DROP: AccountRole.SAFE,
    CashReason.PAY_IN: AccountRole.OTHER_INCOME,
    CashReason.PAY_OUT: AccountRole.PETTY_CASH,
    CashReason.DRAWING: AccountRole.DRAWINGS,
}


def drawer_open(head: HeadFields, accounts: Accounts, *, drawer_id: int, float_amount: int) -> DrawerOpen:
    """A shift begins with a float out of the safe, in minor units."""
    return DrawerOpen(
        **head,
        series=SERIES[DrawerOpen],
        drawer_id=drawer_id,
        float_amount=float_amount,
        cash_account=accounts.of(AccountRole.CASH),
        safe_account=accounts.of(AccountRole.SAFE),
    )


def cash_movement(
    head: HeadFields,
    accounts: Accounts,
    *,
    drawer_id: int,
    reason: CashReason,
    amount: int,
    business_id: int = 0,
) -> CashMovement:
    """Cash goes in or out without a sale, as its reason says, for a business (0: the drawer's)."""
    other = 0 if business_id == accounts.business_id else business_id
    return CashMovement(
        **head,
        series=SERIES[CashMovement],
        reason=reason,
        drawer_id=drawer_id,
        amount=amount,
        cash_account=accounts.of(AccountRole.CASH),
        contra_account=accounts.of(_CONTRA[reason], business_id),
        contra_business_id=other,
        clearing_account=accounts.clearing([other]),
    )


class Told(NamedTuple):
    """What a Z tells beside the cash (see `closing`); `left` in minor units for who takes over."""

    other_money: tuple[MoneyCount, ...] = ()
    pieces: tuple[PieceCount, ...] = ()
    recount: Recount | None = None
    handed_to_id: int | None = None
    left: int = 0


#: A Z that tells of its cash alone.
CASH_ALONE: Final = Told()


def drawer_close(
    head: HeadFields,
    accounts: Accounts,
    counts: Sequence[CashCount],
    *,
    drawer_id: int,
    expected: int,
    reason: str,
    business_id: int = 0,
    stretch: Stretch | None = None,
    told: Told = CASH_ALONE,
) -> DrawerClose:
    """What was counted of one currency at the end of a shift; all of it goes to the safe.

    What is over or short is of a business (0: the drawer's).  `stretch` is what it closes as the shift's Z,
    `told` what that tells beside the cash.
    """
    counted = sum(count.value * count.pieces for count in counts)
    other = 0 if business_id == accounts.business_id or counted == expected else business_id
    return DrawerClose(
        **head,
        series=SERIES[DrawerClose],
        drawer_id=drawer_id,
        counted=counted,
        expected=expected,
        removed=counted,
        counts=tuple(count for count in counts if count.pieces),
        cash_account=accounts.of(AccountRole.CASH),
        safe_account=accounts.of(AccountRole.SAFE),
        over_short_account=accounts.of(AccountRole.OVER_SHORT, other),
        over_short_business_id=other,
        clearing_account=accounts.clearing([other]),
        reason=note_of(reason),
        stretch=stretch,
        **told._asdict(),
    )
