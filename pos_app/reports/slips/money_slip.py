"""The body of the slip for money that moves beside trade: an expense, a party's money, money between places.

Whoever takes money of ours signs for it on the paper; it is the voucher that stays in the drawer.

Decisions
---------
2026-11-21  Cash that is paid out to somebody prints a slip to sign, petty cash too.  A drop into the safe
stays ours and only opens the drawer; what a transfer moves (to the bank) has a paper that goes with it.

2026-11-21  The account's name stands below each line of an expense: the code says nothing to who signs.
"""

from collections.abc import Mapping

from pos_app.devices.paper import Block, Columns, Rule, Text
from pos_app.language import printed
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import Expense, MoneyTransfer, PartyMoney
from pos_app.ledger.money import grouped_text
from pos_app.reports.slips.slip import credits_used
from pos_app.reports.slips.trade_slip import rounded

MoneySlip = Expense | PartyMoney | MoneyTransfer | BankBag | BagBanked


def money_slip(document: MoneySlip, money: Currency, accounts: Mapping[str, str]) -> list[Block]:
    """What it was for and how much; `accounts` names the accounts by their codes."""
    match document:
        case Expense():
            return _expense(document, money, accounts)
        case MoneyTransfer():
            return _transfer(document, money, accounts)
        case BankBag():
            return _bag(document, money)
        case BagBanked():
            return _arrived(document, money)
        case PartyMoney():
            return [
                _total(document.total + document.rounding, money),
                *credits_used(document, money),
                *rounded(document.rounding, money),
            ]


def _total(amount: int, money: Currency) -> Block:
    return Columns(
        printed("Total {currency}", currency=money.code), grouped_text(amount, money), bold=True, size=2
    )


def _expense(document: Expense, money: Currency, accounts: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for line in document.lines:
        blocks.append(Columns(line.description, grouped_text(line.gross, money)))
        account = accounts.get(line.account, line.account)
        below = account if account != line.description else ""
        tax = f"{line.tax_code} {grouped_text(line.tax, money)}" if line.tax else line.tax_code
        detail = " · ".join(part for part in (below, tax) if part)
        blocks += [Text(f"  {detail}")] if detail else []
    blocks += [Rule(), _total(document.total + document.rounding, money)]
    if document.tax_total:
        blocks.append(Columns(printed("Tax in it"), grouped_text(document.tax_total, money)))
    return [*blocks, *rounded(document.rounding, money)]


def _bag(document: BankBag, money: Currency) -> list[Block]:
    blocks: list[Block] = [Text(document.bag, bold=True, size=2)]
    for count in document.counts:
        left = f"{count.pieces} × {grouped_text(count.value, money)}"
        blocks.append(Columns(left, grouped_text(count.value * count.pieces, money)))
    return [*blocks, Rule(), _total(document.amount, money)]


def _arrived(document: BagBanked, money: Currency) -> list[Block]:
    blocks: list[Block] = [
        Text(document.bag, bold=True),
        Columns(printed("Lay in it"), grouped_text(document.amount, money)),
        Rule(),
        _total(document.arrived, money),
    ]
    over = document.arrived - document.amount
    if over:
        word = printed("Over") if over > 0 else printed("Short")
        blocks.append(Columns(word, grouped_text(over, money), bold=True))
        blocks.append(Text(printed("Reason: {reason}", reason=document.reason)))
    return blocks


def _transfer(document: MoneyTransfer, money: Currency, accounts: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = [
        Columns(printed("From"), accounts.get(document.from_account, document.from_account)),
        Columns(printed("To"), accounts.get(document.to_account, document.to_account)),
        Rule(),
        _total(document.amount, money),
    ]
    if document.to_currency:
        there = currency(document.to_currency)
        blocks.append(
            Columns(
                printed("Arrives in {currency}", currency=there.code),
                grouped_text(document.to_amount, there),
                bold=True,
            )
        )
    return blocks
