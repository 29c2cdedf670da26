"""Owns the words and icons of our own places where money lies."""

from pos_app.till.drawer.money_transfer import Purse
from pos_app.ui.language import _
from pos_app.ui.money.choice_row import Choice


def purse_name(purse: Purse) -> str:
    """How a place is called."""
    names = {
        Purse.DRAWER: _("Drawer"),
        Purse.SAFE: _("Safe"),
        Purse.BANK: _("Bank"),
        Purse.MPESA: _("M-Pesa"),
        Purse.CARD: _("Cards"),
    }
    return names[purse]


_ICONS = {
    Purse.DRAWER: "banknote",
    Purse.SAFE: "lock",
    Purse.BANK: "landmark",
    Purse.MPESA: "smartphone",
    Purse.CARD: "wallet",
}


def purse_choices() -> list[Choice]:
    """All places, in the order in which cash goes."""
    return [Choice(purse, purse_name(purse), _ICONS[purse]) for purse in Purse]
