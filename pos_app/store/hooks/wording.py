"""What a message to a customer says and where it goes, made of what the books say when it is sent."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import printed
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Document, Sale, ServiceOrder, ServiceStep
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.telephone import international
from pos_app.store.documents import documents
from pos_app.store.engine import privacy
from pos_app.store.hooks.messages import READY, Message
from pos_app.store.master import house_rules, organisations


class Worded(NamedTuple):
    """Ready to go: to a telephone, to an e-mail address, or to nobody where both are empty.

    `phone` is as it is dialled from anywhere, where that can be told.
    """

    phone: str
    email: str
    subject: str
    words: str


def worded(connection: Connection, org_id: int, message: Message) -> Worded | None:
    """What is told of a document; None for one that is not there, or of somebody without a telephone."""
    document = documents.get(connection, org_id, message.document_id)
    about = document
    if isinstance(document, ServiceStep):
        about = documents.get(connection, org_id, document.order_id)
    party_id = getattr(about, "party_id", None)
    shop = organisations.get(connection, org_id)
    if document is None or shop is None or party_id is None:
        return None
    phone, email = _reached(connection, org_id, party_id)
    if not (phone or email):
        return None
    subject, words = _words(connection, document, about, message.purpose, shop.name)
    # Customers leave their number as they dial it; a gateway may be anywhere.
    country = house_rules.at_depot(connection, org_id, document.depot_id)[HouseRule.COUNTRY_CODE]
    return Worded(international(phone, country), email, subject, words)


def _words(
    connection: Connection, document: Document, about: Document | None, purpose: str, shop: str
) -> tuple[str, str]:
    if purpose == READY and isinstance(document, ServiceStep) and isinstance(about, ServiceOrder):
        depot = _depot(connection, about)[0]
        number = about.tag or document.order_number
        subject = printed("Ready: {number}", number=number)
        return subject, printed(
            "{shop}: {number} is ready. Collect it at {depot}.", shop=shop, number=number, depot=depot
        )
    number = number_of(connection, document)
    money = currency(document.currency)
    total = grouped_text(document.total if isinstance(document, Sale) else 0, money)
    subject = printed("Receipt {number}", number=number)
    return subject, printed(
        "{shop}: receipt {number}, {currency} {total}. Thank you.",
        shop=shop,
        number=number,
        currency=money.code,
        total=total,
    )


def number_of(connection: Connection, document: Document) -> str:
    """The printed number of a document."""
    _, letter = _depot(connection, document)
    return printed_number(letter, document.terminal_no, document.series, document.number)


def _depot(connection: Connection, document: Document) -> tuple[str, str]:
    row = connection.execute(
        text("SELECT name, letter FROM depot WHERE org_id = :org AND depot_id = :depot"),
        {"org": document.org_id, "depot": document.depot_id},
    ).one_or_none()
    return ("", "") if row is None else (row[0], row[1])


def _reached(connection: Connection, org_id: int, party_id: int) -> tuple[str, str]:
    """The telephone and the e-mail address of a party, of their own or of a contact; opened."""
    private = privacy.of(connection)
    own = connection.execute(
        text("SELECT phone FROM party WHERE org_id = :org AND party_id = :party"),
        {"org": org_id, "party": party_id},
    ).scalar_one_or_none()
    contacts = connection.execute(
        text(
            "SELECT phone, email FROM party_contact WHERE org_id = :org AND party_id = :party AND active = 1"
            " ORDER BY label"
        ),
        {"org": org_id, "party": party_id},
    ).all()
    phones = [own or "", *(row[0] for row in contacts)]
    phone = next((each for each in phones if each), "")
    email = next((row[1] for row in contacts if row[1]), "")
    return (
        private.decrypt_text(org_id, privacy.PHONE, phone) if phone else "",
        private.decrypt_text(org_id, privacy.EMAIL, email) if email else "",
    )
