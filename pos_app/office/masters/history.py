"""What became of a master: who changed it, when, what it said before and says since, out of the audit log.

Each noun says here which entries speak of one of its things.  The log writes itself (`store.schema.trail`):
what was changed by a file, a repair or an upgrade is in it as well.

Decisions
---------
2026-11-30  The revision of a thing is the number of the last entry of the log that speaks of it, and not a
column of its row: so a role that was given, a barcode or a meter that was added counts as a change of the
person, the product or the customer; every noun with a history has one; and who comes second is told in
words what the first one changed.  Theirs stands, the second edit is refused whole and can be given again.
Who does not say what they had seen edits as ever: a command names what it changes and touches nothing else.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.office.books import Books
from pos_app.office.masters import categories, units
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.documents.audit import AuditRecord
from pos_app.store.documents.audit_subjects import Subjects
from pos_app.store.documents.audit_words import Words
from pos_app.store.master import codes, packs, price_lists, product_list, programmes, promotions, unknown
from pos_app.store.organisation import staff

#: So many changes of one thing are told, the newest.
MOST: Final = 500
#: Letters of what others changed, in a sentence: the newest.
_MOST_TOLD: Final = 600


class Told(NamedTuple):
    """An entry of the log, and what it says in words."""

    entry: AuditRecord
    words: str


def of(office: Office, noun: str, code: str) -> list[AuditRecord]:
    """The changes of one thing, oldest first.  Raises `Refused` for a code that nothing has."""
    return [one.entry for one in told(office, noun, code)]


def told(office: Office, noun: str, code: str) -> list[Told]:
    """The changes of one thing, oldest first, with words.  Raises `Refused` for a code that nothing has."""
    with office.read() as books:
        subjects = _OF[noun](books, code.strip())
        found = audit.of_subjects(books.connection, books.org_id, subjects, most=MOST)
        words = Words(books.connection, books.org_id)
        return [Told(one, words.said(one)) for one in found]


def revision(office: Office, noun: str, code: str) -> int:
    """The number of the last change of one thing: what an editor had seen.  Raises `Refused`."""
    with office.read() as books:
        subjects = _OF[noun](books, code.strip())
        return audit.last_of_subjects(books.connection, books.org_id, subjects)


@contextlib.contextmanager
def as_seen(office: Office, noun: str, code: str, seen: int | None) -> Iterator[None]:
    """Change a thing only as the editor had `seen` it (its `revision`); None asks nothing.

    Within, every change of the office raises `Refused` with what others changed since.
    """
    if seen is None:
        yield
        return

    def ask(books: Books) -> None:
        _need_seen(books, noun, code, seen)

    office.asks_first.append(ask)
    try:
        yield
    finally:
        office.asks_first.remove(ask)


def _need_seen(books: Books, noun: str, code: str, seen: int) -> None:
    # From here to the commit nobody else changes any master of the organisation.
    audit.keep_others_out(books.connection, books.org_id)
    subjects = _OF[noun](books, code.strip())
    found = audit.of_subjects(books.connection, books.org_id, subjects, most=MOST)
    since = [one for one in found if one.entry_id > seen]
    if since:
        words = Words(books.connection, books.org_id)
        raise Refused(
            "edited-meanwhile",
            code=code.strip()[:40],
            name=since[-1].person or "-",
            changes="; ".join(words.said(one) for one in since)[-_MOST_TOLD:],
            revision=since[-1].entry_id,
        )


def _business(books: Books, code: str) -> Subjects:
    key = books.business(code, archived=True)
    known = {key: code for code, key in books.businesses().items()}
    return Subjects((f"business {known[key]}",))


def _depot(books: Books, code: str) -> Subjects:
    found = books.depot(code, archived=True)
    rules = (f"house_rule {rule.value} {found.depot_id}" for rule in HouseRule)
    return Subjects((f"depot {found.code}", *rules))


def _organisation(books: Books, _: str) -> Subjects:
    return Subjects((f"organisation {books.org_id}",))


def _account(books: Books, code: str) -> Subjects:
    return Subjects((f"account {books.account_named(code, archived=True).code}",))


def _tax(books: Books, code: str) -> Subjects:
    found = codes.tax_code(books.connection, books.org_id, code)
    if found is None:
        raise Refused("tax-code-unknown", code=code[:20])
    return Subjects((f"tax_code {found.code}",), (f"tax_rate {found.code} ",))


def _rate(_: Books, code: str) -> Subjects:
    return Subjects((), (f"exchange_rate {code.upper()} ",))


def _party(books: Books, code: str) -> Subjects:
    found = codes.party(books.connection, books.org_id, code)
    if found is None:
        raise Refused("party-unknown", code=code[:40])
    # Roles and agreed prices are rows of their own, which the log names by the party's key.
    key = found.party_id
    begun = ("party_role", "contract_rate", "party_contact", "party_meter")
    return Subjects((f"party {found.code}",), tuple(f"{table} {key} " for table in begun))


def _person(books: Books, code: str) -> Subjects:
    found = staff.member(books.connection, books.org_id, code)
    return Subjects((f"person {found.code}",), (f"person_role {found.person_id} ",))


def _role(_: Books, code: str) -> Subjects:
    return Subjects((f"role {code}",), (f"role_permission {code} ",))


def _price_list(books: Books, code: str) -> Subjects:
    wanted = code.lower()
    for one in price_lists.lists(books.connection, books.org_id):
        if one.code.lower() == wanted:
            key = one.list_id
            return Subjects(
                (f"price_list {one.code}",), (f"price_list_item {key} ", f"price_list_scope {key} ")
            )
    raise Refused("price-list-unknown", code=code[:40])


def _group(books: Books, code: str) -> Subjects:
    wanted = code.lower()
    for one in price_lists.groups(books.connection, books.org_id):
        if one.code.lower() == wanted:
            return Subjects((f"party_group {one.code}",), (f"party_group_member {one.group_id} ",))
    raise Refused("group-unknown", code=code[:40])


def _promotion(books: Books, code: str) -> Subjects:
    # An edit is another row under the same code; what it is of stands in rows of their own.
    keys = promotions.keys_of(books.connection, books.org_id, code)
    found = promotions.by_code(books.connection, books.org_id, code)
    if found is None:
        raise Refused("promotion-unknown", code=code[:40])
    return Subjects((f"promotion {found.promotion.code}",), tuple(f"promotion_item {key} " for key in keys))


def _loyalty(books: Books, code: str) -> Subjects:
    # An edit is another row under the same code.
    found = programmes.by_code(books.connection, books.org_id, code)
    if found is None:
        raise Refused("loyalty-unknown", code=code[:40])
    return Subjects((f"loyalty_programme {found.programme.code}",))


def _product(books: Books, code: str) -> Subjects:
    # Archived or not: who archived it is what is asked most.
    found = product_list.by_sku(books.connection, books.org_id, code)
    if found is None:
        raise unknown.product(books.connection, books.org_id, code)
    key = found.product_id
    barcodes = [f"product_barcode {one}" for one in found.barcodes]
    barcodes += [f"pack_barcode {one}" for one in packs.barcodes_ever(books.connection, books.org_id, key)]
    return Subjects(
        (
            f"product {found.sku}",
            f"product_supply {key}",
            f"returnable_pair {key}",
            f"product_picture {key}",
            *barcodes,
        ),
        (f"product_pack {key} ",),
    )


def _category(books: Books, code: str) -> Subjects:
    # By its key: what it was called before is a part of what became of it.
    return Subjects((f"category {categories.named(books, code).category_id}",))


def _unit(books: Books, code: str) -> Subjects:
    return Subjects((f"unit {units.named(books, code).code}",))


#: The nouns that have a history, and how each finds the entries that speak of one thing.
_OF: Final[Mapping[str, Callable[[Books, str], Subjects]]] = {
    "organisation": _organisation,
    "business": _business,
    "depot": _depot,
    "accounts": _account,
    "tax": _tax,
    "rates": _rate,
    "parties": _party,
    "person": _person,
    "role": _role,
    "product": _product,
    "category": _category,
    "unit": _unit,
    "promotion": _promotion,
    "loyalty": _loyalty,
    "price-list": _price_list,
    "customer-group": _group,
}
