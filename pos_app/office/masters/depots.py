"""Depots as the office keeps them: where is sold, for which business, and what receipts say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters import depot_rules
from pos_app.office.masters.printed_text import check_code, clean
from pos_app.office.office import Office
from pos_app.store.master import codes, letterheads, master_edit, unknown
from pos_app.store.master.codes import DepotCode
from pos_app.store.master.letterheads import DepotHead
from pos_app.store.organisation import founding, master_import
from pos_app.store.stock import stock_levels
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

_NO_RULES: Mapping[HouseRule, int] = MappingProxyType({})


@dataclass(frozen=True)
class Shown:
    """A depot, whole: `business` by its code, `rules` as a person says them (see `depot_rules`)."""

    head: DepotHead
    business: str
    letter: str
    rules: Mapping[str, str]
    active: bool


def add_depot(
    office: Office,
    code: str,
    name: str,
    said: Mapping[str, str],
    *,
    business: str = "",
    letter: str = "",
    rules: Mapping[HouseRule, int] = _NO_RULES,
) -> DepotCode:
    """Add a depot with the place of its stock.

    `business` is whose drawers stand there (empty: the only one there is), `letter` what its printed numbers
    begin with (empty: the beginning of its code).  `said` are columns of what its receipts say, `rules` how
    its tills keep drawers and paper.
    Raises `Refused` for a code or a letter that is taken, an unknown business, a text that cannot be printed.
    """
    check_code(code)
    columns = clean({"name": name, **said})
    with office.change(Permission.EDIT_MASTER) as books:
        wanted = code.strip()
        # A depot and the place of its stock have one code: goods are sent to it.
        if codes.depot(books.connection, books.org_id, wanted) is not None:
            raise Refused("depot-code-taken", code=wanted[:40])
        if codes.location(books.connection, books.org_id, wanted) is not None:
            raise Refused("depot-code-of-place", code=wanted[:40])
        depot_id, _ = founding.add_depot(
            books.connection,
            books.org_id,
            wanted,
            columns.pop("name"),
            number_prefix=_letter(books, wanted, letter.strip().upper()),
            business_id=books.business(business) if business else books.only_business(),
        )
        if columns:
            # A depot that is new was nothing before: what it says holds for all of its receipts.
            master_edit.change(books.connection, master.depot, books.org_id, depot_id, **columns)
        depot_rules.put(office, books, depot_id, rules)
        return books.depot(wanted)


def edit_depot(
    office: Office,
    code: str,
    said: Mapping[str, str],
    *,
    business: str = "",
    letter: str = "",
    rules: Mapping[HouseRule, int] = _NO_RULES,
) -> bool:
    """Change what is said of a depot, from now on, as `businesses.edit_business` does.

    Another business or another letter is for a depot at which nothing was recorded yet.
    Gives whether anything changed.  Raises `Refused`.
    """
    changes = clean(said) if said or not (business or letter or rules) else {}
    with office.change(Permission.EDIT_MASTER) as books:
        found = codes.depot(books.connection, books.org_id, code)
        if found is None:
            raise unknown.depot(books.connection, books.org_id, code)
        moved: dict[str, str | int] = {}
        if business and (own := books.business(business)) != found.business_id:
            moved["business_id"] = own
        if letter and (wanted := letter.strip().upper()) != found.number_prefix:
            moved["letter"] = _letter(books, found.code, wanted)
        if moved:
            if _has_documents(books, found.depot_id):
                raise Refused("depot-in-use", code=found.code)
            master_edit.change(books.connection, master.depot, books.org_id, found.depot_id, **moved)
        now = micros(office.clock.now())
        told = bool(changes) and letterheads.change_depot(
            books.connection, books.org_id, found.depot_id, now, changes
        )
        ruled = depot_rules.put(office, books, found.depot_id, rules)
    return bool(moved) or told or ruled


def show(office: Office, code: str) -> Shown:
    """All that is said of a depot.  Raises `Refused` for a code that none has."""
    with office.read() as books:
        found = books.depot(code, archived=True)
        businesses = {key: own for own, key in books.businesses().items()}
        return Shown(
            letterheads.depots(books.connection, books.org_id)[found.depot_id],
            businesses[found.business_id],
            found.number_prefix,
            depot_rules.at_depot(books, found.depot_id),
            found.active,
        )


def archive_depot(office: Office, code: str) -> DepotCode:
    """Let nothing happen at a depot any more; what happened there stays.

    Raises `Refused` for the depot where the centre itself stands, and while a till is at work or goods lie
    there.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.depot(code)
        if found.depot_id == books.depot("").depot_id:
            raise Refused("depot-of-centre", code=found.code)
        tills = _tills_at(books, found.depot_id)
        if tills:
            raise Refused("depot-has-tills", code=found.code, tills=", ".join(map(str, tills)))
        if _awaits_till(books, found.depot_id):
            raise Refused("depot-awaits-till", code=found.code)
        lies = stock_levels.lying_at(books.connection, books.org_id, found.location_id)
        if lies:
            raise Refused("depot-has-stock", code=found.code, count=lies)
        master_edit.change(books.connection, master.depot, books.org_id, found.depot_id, active=0)
        return found


def restore_depot(office: Office, code: str) -> DepotCode:
    """Open an archived depot again.  Raises `Refused` for one that is none, or whose business is archived."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.depot(code, archived=True)
        if found.active:
            raise Refused("depot-not-archived", code=found.code)
        at_work = master_import.businesses_at_work(books.connection, books.org_id).values()
        if found.business_id not in at_work:
            whose = next(own for own, key in books.businesses().items() if key == found.business_id)
            raise Refused("business-archived", code=whose)
        master_edit.change(books.connection, master.depot, books.org_id, found.depot_id, active=1)
        return found


def _tills_at(books: Books, depot_id: int) -> list[int]:
    """The numbers of the tills that are at work at a depot."""
    rows = books.connection.execute(
        text(
            "SELECT terminal_no FROM terminal WHERE org_id = :org AND depot_id = :depot AND active = 1"
            " AND terminal_no < :server ORDER BY terminal_no"
        ),
        {"org": books.org_id, "depot": depot_id, "server": SERVER_TERMINAL_NO},
    )
    return [int(row[0]) for row in rows]


def archived_depots(office: Office) -> set[str]:
    """The codes of the depots that are archived."""
    with office.read() as books:
        known = letterheads.depots(books.connection, books.org_id).values()
        return {one.code for one in known if not books.depot(one.code, archived=True).active}


def depots(office: Office) -> list[DepotHead]:
    """Every depot as its papers name it now, by code."""
    with office.read() as books:
        return list(letterheads.depots(books.connection, books.org_id).values())


def _awaits_till(books: Books, depot_id: int) -> bool:
    """Whether somebody has a word with which a till can still be enrolled there."""
    found = books.connection.execute(
        text(
            "SELECT 1 FROM enrolment_code WHERE org_id = :org AND depot_id = :depot AND terminal_no IS NULL"
            " AND expires_at >= :now LIMIT 1"
        ),
        {"org": books.org_id, "depot": depot_id, "now": books.now},
    ).one_or_none()
    return found is not None


def _letter(books: Books, code: str, wanted: str) -> str:
    """What the numbers of a depot begin with: what was said, or as much of its code as no other has."""
    taken = set(
        books.connection.scalars(
            text("SELECT letter FROM depot WHERE org_id = :org AND code <> :code"),
            {"org": books.org_id, "code": code},
        )
    )
    if wanted:
        if wanted in taken:
            raise Refused("receipt-letter-taken", letter=wanted[:12])
        return founding.checked_prefix(wanted)
    letters = "".join(one for one in code.upper() if one.isascii() and one.isalpha())[:8]
    for length in range(1, len(letters) + 1):
        if letters[:length] not in taken:
            return letters[:length]
    raise Refused("receipt-letter-not-said", code=code[:40])


def _has_documents(books: Books, depot_id: int) -> bool:
    found = books.connection.execute(
        text("SELECT 1 FROM document WHERE org_id = :org AND depot_id = :depot LIMIT 1"),
        {"org": books.org_id, "depot": depot_id},
    ).one_or_none()
    return found is not None
