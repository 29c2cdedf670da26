"""The bags for the bank that a day has to do with: those that left on it, and those still on their way."""

from sqlalchemy import Connection

from pos_app.store.documents import bank_bags
from pos_app.store.documents.bank_bags import Bag
from pos_app.store.report_queries.scope import Scope


def of_day(connection: Connection, scope: Scope) -> list[Bag]:
    """The bags that left within a scope, and those of before it that nobody has said the bank has."""
    left = bank_bags.read(connection, scope.org_id, scope.documents(), scope.bound(connection))
    known = {one.bag.document_id for one in left}
    waiting = bank_bags.on_their_way(connection, scope.org_id)
    before = [
        one
        for one in waiting
        if one.bag.document_id not in known
        and one.bag.occurred_at < scope.end
        and scope.depot_id in (None, one.bag.depot_id)
        and scope.terminal_no in (None, one.bag.terminal_no)
    ]
    return [*before, *left]
