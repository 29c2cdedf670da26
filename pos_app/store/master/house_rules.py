"""The house's rules as rows: the organisation's, and those that a depot has of its own."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from pos_app.ledger.house_rule import RULES, HouseRule
from pos_app.store.engine.engine import quick_rows
from pos_app.store.master import master_edit
from pos_app.store.tables import master


def at_depot(connection: Connection, org_id: int, depot_id: int | None) -> Mapping[HouseRule, int]:
    """Every rule as it holds at a depot (None: where no depot has its own)."""
    rows = quick_rows(
        connection,
        "SELECT name, value FROM house_rule WHERE org_id = :org"
        " AND (depot_id = 0 OR depot_id = :depot) ORDER BY depot_id",
        {"org": org_id, "depot": depot_id or 0},
    )
    held = {rule: bounds.default for rule, bounds in RULES.items()}
    # The depot's own comes last.  A rule of a newer centre is none that this till could obey.
    held |= {HouseRule(row[0]): int(row[1]) for row in rows if row[0] in tuple(HouseRule)}
    return held


def of_depots(connection: Connection, org_id: int) -> list[tuple[HouseRule, str, int]]:
    """What was set: the rule, the depot's code (empty: everywhere), the value."""
    rows = connection.execute(
        text(
            "SELECT r.name, coalesce(d.code, ''), r.value FROM house_rule AS r LEFT JOIN depot AS d"
            " ON d.org_id = r.org_id AND d.depot_id = r.depot_id WHERE r.org_id = :org ORDER BY r.name, 2"
        ),
        {"org": org_id},
    )
    return [(HouseRule(row[0]), str(row[1]), int(row[2])) for row in rows if row[0] in tuple(HouseRule)]


def put(connection: Connection, org_id: int, rule: HouseRule, depot_id: int | None, value: int) -> None:
    """At the centre: set a rule for the organisation, or for one depot; the feed brings it to the tills."""
    master_edit.put(
        connection, master.house_rule, org_id, name=rule.value, depot_id=depot_id or 0, value=value
    )
