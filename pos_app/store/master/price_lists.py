"""Price lists and groups of customers as the centre keeps them: rows that begin and end, and never change.

Moments are microseconds since 1970.  Who writes checks first that none lies in the past.
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, text

from pos_app.ledger.price import Price, exact, split
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.store.master import master_edit
from pos_app.store.tables import master

#: Whom a list is for: what they are, and their key.
Whom = tuple[ScopeKind, int]

#: What is in force at a moment, or will be.
_NOT_ENDED: Final = "(valid_to_us IS NULL OR valid_to_us > :now AND valid_to_us > valid_from_us)"


class ListRow(NamedTuple):
    """A list by its key and as people know it."""

    list_id: int
    code: str
    name: str
    is_contract: bool
    active: bool


class ItemRow(NamedTuple):
    """What a list says of a product (a code), from so many on, from a moment until another (None: no end)."""

    sku: str
    from_quantity: int
    price: Price
    from_us: int
    to_us: int | None


class NewPrice(NamedTuple):
    """A price to be put: of a product (its key), from so many of it on, in thousandths."""

    product_id: int
    from_quantity: int
    price: Price


class ScopeRow(NamedTuple):
    """Whom a list is for, by their code, from a moment until another."""

    kind: ScopeKind
    code: str
    from_us: int
    to_us: int | None


class GroupRow(NamedTuple):
    """A group of customers by its key and as people know it."""

    group_id: int
    code: str
    name: str
    active: bool


def groups(connection: Connection, org_id: int) -> list[GroupRow]:
    """All groups, by their codes."""
    rows = connection.execute(
        text("SELECT group_id, code, name, active FROM party_group WHERE org_id = :org ORDER BY code"),
        {"org": org_id},
    )
    return [GroupRow(int(row[0]), row[1], row[2], bool(row[3])) for row in rows]


def members_of(connection: Connection, org_id: int, group_id: int) -> list[str]:
    """The codes of the customers who are in a group without an end."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT p.code FROM party_group_member AS m"
            " JOIN party AS p ON p.org_id = m.org_id AND p.party_id = m.party_id"
            " WHERE m.org_id = :org AND m.group_id = :group AND m.valid_to_us IS NULL ORDER BY p.code"
        ),
        {"org": org_id, "group": group_id},
    )
    return list(rows.scalars())


def lists(connection: Connection, org_id: int) -> list[ListRow]:
    """All lists, archived ones too, by their codes."""
    rows = connection.execute(
        text(
            "SELECT price_list_id, code, name, is_contract, active FROM price_list"
            " WHERE org_id = :org ORDER BY code"
        ),
        {"org": org_id},
    )
    return [ListRow(int(row[0]), row[1], row[2], bool(row[3]), bool(row[4])) for row in rows]


def items(connection: Connection, org_id: int, list_id: int, now_us: int) -> list[ItemRow]:
    """What a list says and will say, by product and quantity: of what was overtaken, only what holds."""
    rows = connection.execute(
        text(
            "SELECT p.sku, i.from_quantity, i.price, i.price_fine, i.valid_from_us, i.valid_to_us"
            " FROM price_list_item AS i"
            " JOIN product AS p ON p.org_id = i.org_id AND p.product_id = i.product_id"
            f" WHERE i.org_id = :org AND i.price_list_id = :list AND {_NOT_ENDED}"
            " AND NOT EXISTS (SELECT 1 FROM price_list_item AS n WHERE n.org_id = i.org_id"
            " AND n.price_list_id = i.price_list_id AND n.product_id = i.product_id"
            " AND n.from_quantity = i.from_quantity AND n.valid_from_us <= :now"
            " AND (n.valid_to_us IS NULL OR n.valid_to_us > :now)"
            " AND (n.valid_from_us, n.item_id) > (i.valid_from_us, i.item_id))"
            " ORDER BY p.sku, i.from_quantity, i.valid_from_us"
        ),
        {"org": org_id, "list": list_id, "now": now_us},
    )
    return [
        ItemRow(row[0], int(row[1]), exact(int(row[2]), int(row[3])), int(row[4]), row[5]) for row in rows
    ]


def scopes(connection: Connection, org_id: int, list_id: int, now_us: int) -> list[ScopeRow]:
    """Whom a list is and will be for."""
    rows = connection.execute(
        text(
            "SELECT s.kind, coalesce(p.code, g.code, d.code, ''), s.valid_from_us, s.valid_to_us"
            " FROM price_list_scope AS s"
            " LEFT JOIN party AS p ON s.kind = 'party' AND p.org_id = s.org_id AND p.party_id = s.of_id"
            " LEFT JOIN party_group AS g ON s.kind = 'group' AND g.org_id = s.org_id AND g.group_id = s.of_id"
            " LEFT JOIN depot AS d ON s.kind = 'depot' AND d.org_id = s.org_id AND d.depot_id = s.of_id"
            f" WHERE s.org_id = :org AND s.price_list_id = :list AND {_NOT_ENDED} ORDER BY s.scope_id"
        ),
        {"org": org_id, "list": list_id, "now": now_us},
    )
    return [ScopeRow(ScopeKind(row[0]), row[1], int(row[2]), row[3]) for row in rows]


def add_coded(connection: Connection, org_id: int, table: Table, code: str, name: str, **more: int) -> int:
    """Add a list or a group; gives its key."""
    key = next(column.name for column in table.primary_key if column.name != "org_id")
    number = master_edit.next_id(connection, org_id, table)
    master_edit.put(connection, table, org_id, **{key: number}, code=code, name=name, **more)
    return number


def begin_scope(connection: Connection, org_id: int, list_id: int, whom: Whom, from_us: int) -> bool:
    """A list is for somebody from a moment on; says whether it was not before."""
    kind, of_id = whom
    if _open(connection, org_id, master.price_list_scope, price_list_id=list_id, kind=kind, of_id=of_id):
        return False
    table = master.price_list_scope
    _add(
        connection,
        table,
        org_id,
        scope_id=master_edit.next_id(connection, org_id, table),
        price_list_id=list_id,
        kind=kind.value,
        of_id=of_id,
        valid_from_us=from_us,
    )
    return True


def end_scope(connection: Connection, org_id: int, list_id: int, whom: Whom | None, at_us: int) -> int:
    """A list is for somebody no more, or (None) for nobody; says how many rows ended."""
    named: dict[str, int | str] = {} if whom is None else {"kind": whom[0].value, "of_id": whom[1]}
    return _end(connection, org_id, master.price_list_scope, at_us, price_list_id=list_id, **named)


def archive(connection: Connection, org_id: int, list_id: int, at_us: int) -> None:
    """A list is put away: it is for nobody from a moment on."""
    end_scope(connection, org_id, list_id, None, at_us)
    master_edit.change(connection, master.price_list, org_id, list_id, active=0)


def restore(connection: Connection, org_id: int, list_id: int, at_us: int) -> None:
    """A list is brought back from a moment on, for those whose scopes ended last, all at once."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT kind, of_id FROM price_list_scope WHERE org_id = :org AND price_list_id = :list"
            " AND valid_to_us = (SELECT max(valid_to_us) FROM price_list_scope"
            " WHERE org_id = :org AND price_list_id = :list) ORDER BY kind, of_id"
        ),
        {"org": org_id, "list": list_id},
    ).all()
    for kind, of_id in rows:
        begin_scope(connection, org_id, list_id, (ScopeKind(kind), int(of_id)), at_us)
    master_edit.change(connection, master.price_list, org_id, list_id, active=1)


def join(connection: Connection, org_id: int, group_id: int, party_id: int, from_us: int) -> bool:
    """A customer is in a group from a moment on; says whether they were not before."""
    table = master.party_group_member
    if _open(connection, org_id, table, group_id=group_id, party_id=party_id):
        return False
    number = master_edit.next_id(connection, org_id, table)
    _add(
        connection,
        table,
        org_id,
        member_id=number,
        group_id=group_id,
        party_id=party_id,
        valid_from_us=from_us,
    )
    return True


def leave(connection: Connection, org_id: int, group_id: int, party_id: int, at_us: int) -> int:
    """A customer is in a group no more; says how many rows ended."""
    table = master.party_group_member
    return _end(connection, org_id, table, at_us, group_id=group_id, party_id=party_id)


def groups_of(connection: Connection, org_id: int, party_id: int) -> list[str]:
    """The codes of the groups that a customer is in without an end."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT g.code FROM party_group_member AS m"
            " JOIN party_group AS g ON g.org_id = m.org_id AND g.group_id = m.group_id"
            " WHERE m.org_id = :org AND m.party_id = :party AND m.valid_to_us IS NULL ORDER BY g.code"
        ),
        {"org": org_id, "party": party_id},
    )
    return list(rows.scalars())


def put_in(connection: Connection, org_id: int, party_id: int, groups: Collection[int], at_us: int) -> bool:
    """A customer is in these groups from a moment on, and in no other; says whether that is new."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT group_id FROM party_group_member"
            " WHERE org_id = :org AND party_id = :party AND valid_to_us IS NULL"
        ),
        {"org": org_id, "party": party_id},
    )
    stood = {int(one) for one in rows.scalars()}
    for group_id in sorted(stood - set(groups)):
        leave(connection, org_id, group_id, party_id, at_us)
    for group_id in sorted(set(groups) - stood):
        join(connection, org_id, group_id, party_id, at_us)
    return stood != set(groups)


def archive_group(connection: Connection, org_id: int, group_id: int, at_us: int) -> None:
    """A group is put away: nobody is in it from a moment on."""
    _end(connection, org_id, master.party_group_member, at_us, group_id=group_id)
    master_edit.change(connection, master.party_group, org_id, group_id, active=0)


def restore_group(connection: Connection, org_id: int, group_id: int, at_us: int) -> None:
    """A group is brought back from a moment on, with those who left it last, all at once."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT party_id FROM party_group_member WHERE org_id = :org AND group_id = :group"
            " AND valid_to_us = (SELECT max(valid_to_us) FROM party_group_member"
            " WHERE org_id = :org AND group_id = :group) ORDER BY party_id"
        ),
        {"org": org_id, "group": group_id},
    ).all()
    for (party_id,) in rows:
        join(connection, org_id, group_id, int(party_id), at_us)
    master_edit.change(connection, master.party_group, org_id, group_id, active=1)


def rename(connection: Connection, org_id: int, table: Table, key: int, name: str) -> None:
    """A list or a group is called otherwise; its code stays."""
    master_edit.change(connection, table, org_id, key, name=name)


def put_prices(
    connection: Connection, org_id: int, list_id: int, prices: Sequence[NewPrice], from_us: int
) -> int:
    """A list says these prices from a moment on; says how many it did not say already.

    What was to begin at that very moment is corrected: it ends as it begins.
    """
    table, said = master.price_list_item, _said_at(connection, org_id, list_id, from_us)
    new = [one for one in prices if said.get((one.product_id, one.from_quantity)) != one.price]
    if not new:
        return 0
    first = master_edit.next_id(connection, org_id, table)
    for number, one in enumerate(new, first):
        connection.execute(
            text(
                "UPDATE price_list_item SET valid_to_us = valid_from_us WHERE org_id = :org"
                " AND price_list_id = :list AND product_id = :product AND from_quantity = :quantity"
                " AND valid_from_us = :from AND valid_to_us IS NULL"
            ),
            {
                "org": org_id,
                "list": list_id,
                "product": one.product_id,
                "quantity": one.from_quantity,
                "from": from_us,
            },
        )
        whole, fine = split(one.price)
        _add(
            connection,
            table,
            org_id,
            item_id=number,
            price_list_id=list_id,
            product_id=one.product_id,
            from_quantity=one.from_quantity,
            price=whole,
            price_fine=fine,
            valid_from_us=from_us,
        )
    return len(new)


def put_day_price(
    connection: Connection,
    org_id: int,
    price: NewPrice,
    *,
    list_id: int,
    span_us: tuple[int, int],
    item_id: int,
) -> None:
    """A list says a price from a moment until another, which may have passed: it was sold at meanwhile.

    `item_id` is the key that a till gave (`ledger.asking`).
    """
    whole, fine = split(price.price)
    _add(
        connection,
        master.price_list_item,
        org_id,
        item_id=item_id,
        price_list_id=list_id,
        product_id=price.product_id,
        from_quantity=price.from_quantity,
        price=whole,
        price_fine=fine,
        valid_from_us=span_us[0],
        valid_to_us=span_us[1],
    )


def lists_of(connection: Connection, org_id: int, party_id: int) -> list[ListRow]:
    """The lists in use that are for a customer without an end, contracts among them, by their codes."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT l.price_list_id, l.code, l.name, l.is_contract, l.active FROM price_list AS l"
            " JOIN price_list_scope AS s ON s.org_id = l.org_id AND s.price_list_id = l.price_list_id"
            " WHERE l.org_id = :org AND l.active = 1 AND s.kind = :kind AND s.of_id = :party"
            " AND s.valid_to_us IS NULL ORDER BY l.code"
        ),
        {"org": org_id, "kind": ScopeKind.CUSTOMER.value, "party": party_id},
    )
    return [ListRow(int(row[0]), row[1], row[2], bool(row[3]), bool(row[4])) for row in rows]


def products_of(connection: Connection, org_id: int, list_id: int, now_us: int) -> set[int]:
    """Of which products a list says anything, now or later."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT product_id FROM price_list_item"
            f" WHERE org_id = :org AND price_list_id = :list AND {_NOT_ENDED}"
        ),
        {"org": org_id, "list": list_id, "now": now_us},
    )
    return {int(one) for one in rows.scalars()}


def copy_prices(
    connection: Connection, org_id: int, lists: tuple[int, int], products: Collection[int], now_us: int
) -> None:
    """What one list says of products, now and later, the other one says from now on, to the same ends."""
    table = master.price_list_item
    rows = connection.execute(
        text(
            "SELECT product_id, from_quantity, price, price_fine,"
            " greatest(valid_from_us, :now) AS valid_from_us, valid_to_us FROM price_list_item"
            f" WHERE org_id = :org AND price_list_id = :list AND {_NOT_ENDED}"
            " AND product_id = ANY (:products) ORDER BY price_list_item.valid_from_us, item_id"
        ),
        {"org": org_id, "list": lists[0], "now": now_us, "products": sorted(products)},
    ).all()
    first = master_edit.next_id(connection, org_id, table) if rows else 0
    for number, row in enumerate(rows, first):
        _add(connection, table, org_id, item_id=number, price_list_id=lists[1], **row._mapping)


def end_price(connection: Connection, org_id: int, list_id: int, product_id: int, at_us: int) -> int:
    """From a moment on a list says nothing of a product; says how many rows ended."""
    return _end(
        connection, org_id, master.price_list_item, at_us, price_list_id=list_id, product_id=product_id
    )


def _said_at(connection: Connection, org_id: int, list_id: int, at_us: int) -> dict[tuple[int, int], Price]:
    """What a list says at a moment, by product and quantity."""
    rows = connection.execute(
        text(
            "SELECT product_id, from_quantity, price, price_fine FROM price_list_item WHERE org_id = :org"
            " AND price_list_id = :list AND valid_from_us <= :at"
            " AND (valid_to_us IS NULL OR valid_to_us > :at) ORDER BY valid_from_us, item_id"
        ),
        {"org": org_id, "list": list_id, "at": at_us},
    )
    return {(int(row[0]), int(row[1])): exact(int(row[2]), int(row[3])) for row in rows}


def _add(connection: Connection, table: Table, org_id: int, **values: int | str) -> None:
    """A new row: these tables let nobody write over one."""
    connection.execute(table.insert().values(org_id=org_id, **values))


def _open(connection: Connection, org_id: int, table: Table, **of: int | str) -> bool:
    """Whether a row goes on without an end."""
    where = " AND ".join(f"{name} = :{name}" for name in of)
    found = connection.execute(
        text(f"SELECT 1 FROM {table.name} WHERE org_id = :org AND {where} AND valid_to_us IS NULL LIMIT 1"),
        {"org": org_id, **of},
    )
    return found.first() is not None


def _end(connection: Connection, org_id: int, table: Table, at_us: int, **of: int | str) -> int:
    """End what goes on; what has not begun by then ends as it begins."""
    where = " AND ".join(f"{name} = :{name}" for name in of)
    done = connection.execute(
        text(
            f"UPDATE {table.name} SET valid_to_us = greatest(valid_from_us, :at) WHERE org_id = :org"
            f" AND {where} AND (valid_to_us IS NULL OR valid_to_us > greatest(valid_from_us, :at))"
        ),
        {"org": org_id, "at": at_us, **of},
    )
    return int(done.rowcount)
