"""`bohari rule`: what the house rules for its tills, for all depots or for one."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.house_rule import RULES, rule_named
from pos_app.ledger.permission import Permission
from pos_app.office import house_rules
from pos_app.office.office import Office

app: Final = noun()
rule_app: Final = group(app, "rule", "What the house rules for its tills: PINs, locking, approving.")

Name = Annotated[str, typer.Argument(metavar="RULE", help="least-pin-digits, idle-lock-minutes, ...")]
Value = Annotated[int, typer.Argument(metavar="VALUE", help="A whole number.")]


@command(rule_app, "list", LOOKING, needs(Permission.SEE_AUDIT, Permission.EDIT_PEOPLE))
def list_rules(office: Office) -> Answer:
    """Every rule, what it is, and what it says."""
    held = house_rules.in_force(office)
    rows = [
        {"rule": rule.value, "depot": depot, "value": value, "meaning": RULES[rule].meaning}
        for rule, depot, value in held
    ]
    lines = [
        f"{each['rule']:<22} {each['depot'] or 'everywhere':<12} {each['value']:>4}  {each['meaning']}"
        for each in rows
    ]
    return Answer({"rules": rows}, lines)


@command(rule_app, "set", AT_WORK, somewhere(Permission.EDIT_PEOPLE))
def set_rule(
    office: Office,
    rule: Name,
    value: Value,
    *,
    depot: Annotated[str, typer.Option(help="Only at this depot.")] = "",
) -> Answer:
    """Set a rule from now on; the tills obey as soon as they hear of it."""
    chosen = rule_named(rule)
    house_rules.set_rule(office, chosen, value, depot)
    values = {"rule": chosen.value, "depot": depot, "value": value}
    where = f"at {depot}" if depot else "everywhere"
    return Answer(values, [f"{chosen.value} is {value} {where} from now on."])
