"""Groups of customers who get the same prices, and who is in them."""

from typing import NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Office
from pos_app.store.master import price_lists
from pos_app.store.master.price_lists import GroupRow
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros


class Shown(NamedTuple):
    """A group and the codes of who is in it."""

    row: GroupRow
    members: list[str]


def groups(office: Office) -> list[Shown]:
    """Every group with who is in it now."""
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        found = price_lists.groups(connection, org_id)
        return [Shown(one, price_lists.members_of(connection, org_id, one.group_id)) for one in found]


def add(office: Office, code: str, name: str) -> None:
    """Add a group that nobody is in yet.  Raises `Refused` for a code that is taken."""
    with office.change(Permission.EDIT_MASTER) as books:
        tidy = checked_code(code)
        known = {one.code.lower() for one in price_lists.groups(books.connection, books.org_id)}
        if tidy.lower() in known:
            raise Refused("group-taken", code=tidy[:40])
        price_lists.add_coded(books.connection, books.org_id, master.party_group, tidy, checked_name(name))


def join(office: Office, code: str, customer: str) -> bool:
    """A customer is in a group from now on; says whether they were not.  Raises `Refused`.

    Prices of its lists and promotions hold for them: who does it needs the right to lower prices.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        office.need(books.connection, Permission.PRICE)
        party = books.party(customer, PartyRole.CUSTOMER)
        of = books.connection, books.org_id, _active(books, code).group_id
        return price_lists.join(*of, party.party_id, micros(books.now))


def leave(office: Office, code: str, customer: str) -> None:
    """A customer is in a group no more.  Raises `Refused` where they are not."""
    with office.change(Permission.EDIT_MASTER) as books:
        found, party = group(books, code), books.party(customer, PartyRole.CUSTOMER)
        of = books.connection, books.org_id, found.group_id
        if not price_lists.leave(*of, party.party_id, micros(books.now)):
            raise Refused("not-in-group", name=party.name, group=found.name)


def rename(office: Office, code: str, name: str) -> None:
    """A group is called otherwise; its code stays."""
    with office.change(Permission.EDIT_MASTER) as books:
        key = group(books, code).group_id
        price_lists.rename(books.connection, books.org_id, master.party_group, key, checked_name(name))


def archive(office: Office, code: str) -> None:
    """Put a group away: from now on nobody is in it.  Raises `Refused` where it is put away."""
    with office.change(Permission.EDIT_MASTER) as books:
        key = _active(books, code).group_id
        price_lists.archive_group(books.connection, books.org_id, key, micros(books.now))


def restore(office: Office, code: str) -> None:
    """Bring a group back, with whom it had.  Raises `Refused` where it was never put away.

    Prices of its lists and promotions hold for them again: who does it needs the right to lower prices.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found = group(books, code)
        if found.active:
            raise Refused("group-active", code=found.code)
        office.need(books.connection, Permission.PRICE)
        price_lists.restore_group(books.connection, books.org_id, found.group_id, micros(books.now))


def _active(books: Books, code: str) -> GroupRow:
    found = group(books, code)
    if not found.active:
        raise Refused("group-archived", code=found.code)
    return found


def group(books: Books, code: str) -> GroupRow:
    """A group by its code, in any case.  Raises `Refused`."""
    wanted = code.strip().lower()
    found = [one for one in price_lists.groups(books.connection, books.org_id) if one.code.lower() == wanted]
    if not found:
        raise Refused("group-unknown", code=code[:40])
    return found[0]
