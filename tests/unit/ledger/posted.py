"""A posting as plain tuples, to read like a ledger in a test."""

from pos_app.ledger.head import Head
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.posting.posting import Posting
from pos_app.ledger.rules import rules

# The accounts of the first business, by name; those of the second end in another digit.
CASH, MPESA, SAFE, BANK = "1110", "1140", "1150", "1170"
INVENTORY, INVENTORY_2, RECEIVABLE, ADVANCES = "1210", "1220", "1300", "1310"
CLEARING, EXCHANGE = "1900", "1910"
PAYABLE, GRNI, LANDED, VAT, INPUT_TAX = "2110", "2130", "2140", "2200", "2210"
MEMBERS, DEPOSITS, SHARES, OPENING = "2310", "2320", "3300", "3900"
REVENUE, REVENUE_2, FOUND = "4100", "4200", "4910"
COGS, COGS_2, VARIANCE, LOST = "5100", "5200", "5900", "5910"
RENT, PETTY_CASH, BAD_DEBT, DIFFERENCE = "6100", "6200", "6300", "6950"


def post(document: Head) -> Posting:
    """What a document posts that keeps the rules."""
    rules.check(document)
    return posting_rules.post(document)


def lines(posted: Posting) -> list[tuple[int, str, int, int]]:
    """Business, account, amount and base amount of every line, in order."""
    return [(one.business_id, one.account, one.amount, one.base_amount) for one in posted.lines]


def flat(posted: Posting) -> list[tuple[int, str, int]]:
    """As `lines`, in base currency, where both amounts are one."""
    assert all(one.amount == one.base_amount and not one.currency for one in posted.lines)
    return [(one.business_id, one.account, one.amount) for one in posted.lines]


def parties(posted: Posting) -> list[tuple[str, int] | None]:
    """Role and key of the party of every line."""
    return [
        None if one.party_role is None or one.party_id is None else (one.party_role.value, one.party_id)
        for one in posted.lines
    ]


def drawers(posted: Posting) -> list[int | None]:
    """The drawer of every line."""
    return [one.drawer_id for one in posted.lines]


def currencies(posted: Posting) -> list[str]:
    """The currency of every line; empty is the document's."""
    return [one.currency for one in posted.lines]


def moves(posted: Posting) -> list[tuple[int, int, int]]:
    """Location, product and quantity of every move."""
    return [(one.location_id, one.product_id, one.quantity) for one in posted.moves]


def items(posted: Posting) -> list[tuple[str, int, int, int, int, int]]:
    """Role, party, invoice, due date, amount and base amount of every open item."""
    return [
        (one.party_role.value, one.party_id, one.invoice_id, one.due_on, one.amount, one.base_amount)
        for one in posted.open_items
    ]


def owed_in(posted: Posting) -> list[int]:
    """The business of every open item."""
    return [one.business_id for one in posted.open_items]


def costs(posted: Posting) -> list[tuple[int, int, int, int]]:
    """Business, product, quantity and value of every cost line."""
    return [(one.business_id, one.product_id, one.quantity, one.value) for one in posted.costs]
