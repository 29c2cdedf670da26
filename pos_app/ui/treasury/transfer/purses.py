"""Owns the words and icons of our own places where money lies."""

from pos_app.language import _
from pos_app.till.drawer.money_transfer import MoneyAccount
from pos_app.ui.treasury.choice_row import Choice


def purse_name(purse: MoneyAccount) -> str:
    """How a place is called."""
    names = {
        MoneyAccount.DRAWER: _("Drawer"),
        MoneyAccount.SAFE: _("Safe"),
        MoneyAccount.BANK: _("Bank"),
        MoneyAccount.MPESA: _("M-Pesa"),
        MoneyAccount.CARD: _("Cards"),
        MoneyAccount.CHEQUES: _("Cheques"),
    }
    return names[purse]


_ICONS = {
    MoneyAccount.DRAWER: "banknote",
    MoneyAccount.SAFE: "lock",
    MoneyAccount.BANK: "landmark",
    MoneyAccount.MPESA: "smartphone",
    MoneyAccount.CARD: "wallet",
    MoneyAccount.CHEQUES: "clipboard-list",
}


def purse_choices() -> list[Choice]:
    """All places, in the order in which cash goes."""
    return [Choice(purse, purse_name(purse), _ICONS[purse]) for purse in MoneyAccount]
