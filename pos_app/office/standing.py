"""What stands in the books now, as lists for who may see reports: stock, balances, flags that wait."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.balances import balance_list
from pos_app.store.balances.balance_list import AccountRow, After, DrawerRow, PartyRow, StockRow
from pos_app.store.journal import flags
from pos_app.store.journal.flags import Flagged
from pos_app.store.master import codes

#: In which a balance is kept with a party who has a code.
ROLES: tuple[PartyRole, ...] = tuple(
    one for one in PartyRole if one not in (PartyRole.VOUCHER, PartyRole.DEPOSIT_SLIP)
)


def stock(office: Office, place: str, after: After, most: int) -> list[StockRow]:
    """What lies at a place (a code; empty: at all of ours).  Raises `Refused` for a place that is none."""
    with office.read() as books:
        _need(office, books)
        location_id = None
        if place:
            found = codes.location(books.connection, books.org_id, place)
            if found is None:
                raise Refused("place-unknown", code=place[:40])
            location_id = found.location_id
        return balance_list.stock(
            books.connection, books.org_id, location_id=location_id, after=after, most=most
        )


def parties(office: Office, role: PartyRole, after: After, most: int) -> list[PartyRow]:
    """What stands between us and every party in a role."""
    with office.read() as books:
        _need(office, books)
        return balance_list.parties(books.connection, books.org_id, role.value, after=after, most=most)


def accounts(office: Office, after: After, most: int) -> list[AccountRow]:
    """What stands on every account."""
    with office.read() as books:
        _need(office, books)
        return balance_list.accounts(books.connection, books.org_id, after=after, most=most)


def drawers(office: Office, after: After, most: int) -> list[DrawerRow]:
    """What every drawer should hold."""
    with office.read() as books:
        _need(office, books)
        return balance_list.drawers(books.connection, books.org_id, after=after, most=most)


def waiting_flags(office: Office, after: After, most: int) -> list[Flagged]:
    """Flags that nobody has looked at, oldest first; `after` is the place of one (see `place_of`)."""
    with office.read() as books:
        _need(office, books)
        found = flags.waiting(books.connection, books.org_id)
    return [one for one in found if place_of(one) > after][:most]


def place_of(flag: Flagged) -> After:
    """Where a flag stands among others."""
    return (flag.found_at.isoformat(), flag.document_id, flag.place, flag.kind)


def _need(office: Office, books: Books) -> None:
    office.need_everywhere(books.connection, Permission.SEE_REPORTS)
