"""Setting the house's rules: for the organisation, or for one depot."""

from pos_app.ledger.house_rule import RULES, HouseRule, checked
from pos_app.ledger.permission import Permission
from pos_app.office.office import Office
from pos_app.store.master import codes, house_rules, unknown


def in_force(office: Office) -> list[tuple[HouseRule, str, int]]:
    """Every rule of the organisation, and those that depots have of their own; a depot by its code."""
    with office.read() as books:
        held = house_rules.at_depot(books.connection, books.org_id, None)
        own = [one for one in house_rules.of_depots(books.connection, books.org_id) if one[1]]
    return [(rule, "", value) for rule, value in held.items()] + own


def set_rule(office: Office, rule: HouseRule, value: int, depot: str = "") -> None:
    """Set a rule from now on, for all depots or for one.

    Raises `Refused` for a value that it cannot have, a depot that is none, and who may not: what guards
    people is for who changes people, the rest for who changes master data.
    """
    checked(rule, value)
    with office.change(may_set(rule)) as books:
        depot_id = None
        if depot:
            found = codes.depot(books.connection, books.org_id, depot)
            if found is None:
                raise unknown.depot(books.connection, books.org_id, depot)
            depot_id = found.depot_id
        house_rules.put(books.connection, books.org_id, rule, depot_id, value)


def may_set(rule: HouseRule) -> Permission:
    """What a person must be allowed who sets a rule."""
    return Permission.EDIT_PEOPLE if RULES[rule].guards else Permission.EDIT_MASTER
