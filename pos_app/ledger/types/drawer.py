"""The types of the cash drawer's documents."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import document_words as words
from pos_app.ledger import needs
from pos_app.ledger.drawer import CashMovement, DrawerClose, DrawerOpen
from pos_app.ledger.posting import drawer as posting_drawer
from pos_app.ledger.rules import drawer as rules_drawer
from pos_app.ledger.types.document_type import DocumentType

CASH_MOVEMENT: Final = DocumentType(
    struct=CashMovement,
    series="M",
    check=rules_drawer.check_cash_movement,
    post=posting_drawer.post_cash_movement,
    needs=needs.cash_movement,
    totals=figures.only("amount"),
    describe=words.note,
    at_the_till=True,
)
DRAWER_OPEN: Final = DocumentType(
    struct=DrawerOpen,
    series="O",
    check=rules_drawer.check_drawer_open,
    post=posting_drawer.post_drawer_open,
    needs=needs.drawer_open,
    totals=figures.only("float_amount"),
    at_the_till=True,
)
DRAWER_CLOSE: Final = DocumentType(
    struct=DrawerClose,
    series="Z",
    check=rules_drawer.check_drawer_close,
    post=posting_drawer.post_drawer_close,
    needs=needs.drawer_close,
    totals=figures.only("counted"),
    at_the_till=True,
)

FAMILY: Final = (CASH_MOVEMENT, DRAWER_OPEN, DRAWER_CLOSE)
