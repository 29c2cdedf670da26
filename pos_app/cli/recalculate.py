"""`bohari recalculate`: compare cached balances with the ledger and mend them towards it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app import settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import Call, command, misused, noun
from pos_app.cli.homes import ASKED, Opened, opened
from pos_app.cli.needs import needs
from pos_app.cli.progress import progress
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.store.balances import balances
from pos_app.store.balances.balances import KINDS, Values
from pos_app.store.orders import open_orders
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.upkeep import code_check
from pos_app.store.upkeep.recalculation import Outcome, Recalculation
from pos_app.store.upkeep.traced_drift import Alert, TracedDrift

app: Final = noun()


def _right(call: Call, kind: str, everything: bool, **_: object) -> None:
    """Raises a usage error for no kind, two answers, or a kind that is none."""
    if bool(kind) == everything:
        raise misused("kind-or-all")
    if kind and kind not in KINDS:
        raise misused("balance-kind-unknown", kind=kind[:20], kinds=", ".join(KINDS))


@command(app, "recalculate", ASKED, needs(Permission.OPERATE, Permission.JOURNAL_ENTRY), first=_right)
def recalculate(
    call: Call,
    kind: Annotated[str, typer.Option(help="customers, drawers, accounts, stock, sales, ...")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every kind.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Mend nothing.")] = False,
) -> Answer:
    """Compare cached balances with the ledger and mend them."""
    kinds = list(KINDS) if everything else [kind]
    with opened(call.home, call.org) as one, _alert(one, call.home) as alert:
        run = Recalculation(
            one.database, one.clock, org_id=one.org_id, terminal_no=one.terminal_no, alert=alert
        )
        outcomes = list(_walk(run, kinds, dry_run=dry_run))
        if not dry_run:
            with progress("checkpoints") as bar:
                run.bring_up(bar)
        with one.database.read() as connection:
            counted = {
                each: balances.count(connection, chosen.projection, {"org_id": one.org_id, **chosen.limit})
                for each, chosen in ((each, KINDS[each]) for each in kinds)
            }
        base = one.organisation.currency
        arriving, codes = _Beside(), _Beside()
        if set(kinds) == set(KINDS):
            codes.check_codes(one, dry_run=dry_run)
            if one.kind is HomeKind.CENTRAL:
                arriving.check_arrivals(one, dry_run=dry_run)
    by_kind = {each: counted.get(each, 0) for each in kinds}
    return _answer(by_kind, outcomes, base, (arriving, codes))


@dataclass
class _Beside:
    """What is no balance, against its documents, with all kinds: what is on its way (at the centre, see
    `store.orders`), and which document holds which M-Pesa code.
    """

    checked: int = 0
    differed: list[str] = field(default_factory=list)
    mended: int = 0

    def check_arrivals(self, opened: Opened, *, dry_run: bool) -> None:
        """Look at every order and transfer, and mend unless `dry_run`."""
        at = None if dry_run else opened.clock.now()
        self._note(checked=open_orders.check(opened.database, opened.org_id, mend_at=at), dry_run=dry_run)

    def check_codes(self, opened: Opened, *, dry_run: bool) -> None:
        """Look at every M-Pesa code, and mend unless `dry_run`."""
        self._note(
            checked=code_check.check(opened.database, opened.org_id, mend=not dry_run), dry_run=dry_run
        )

    def _note(self, *, checked: Iterable[tuple[int, bool]], dry_run: bool) -> None:
        for key, differs in checked:
            self.checked += 1
            if differs:
                self.differed.append(open_orders.name_of(key))
        self.mended = 0 if dry_run else len(self.differed)

    def values(self) -> dict[str, Any]:
        """As JSON says it."""
        return {"checked": self.checked, "differed": self.differed, "mended": self.mended}


def _walk(run: Recalculation, kinds: list[str], *, dry_run: bool) -> Iterator[Outcome]:
    """All kinds together are one walk over each projection, whatever its keys: also one of no kind."""
    if set(kinds) == set(KINDS):
        for projection in PROJECTIONS:
            with progress(projection.name) as bar:
                yield run.walk(projection, dry_run=dry_run, progress=bar)
        return
    for kind in kinds:
        chosen = KINDS[kind]
        with progress(kind) as bar:
            yield run.walk(chosen.projection, chosen.limit, kind=kind, dry_run=dry_run, progress=bar)


def _answer(
    by_kind: dict[str, int], outcomes: list[Outcome], base: Currency, beside: tuple[_Beside, _Beside]
) -> Answer:
    arriving, codes = beside
    found = [each for outcome in outcomes for each in outcome.found]
    checked = sum(outcome.checked for outcome in outcomes)
    mended = sum(outcome.mended for outcome in outcomes)
    drifted = [_described(each, base) for each in found]
    lines = [f"{kind}: {count} checked" for kind, count in by_kind.items()]
    lines += [f"{one['projection']} {one['key']}: {one['cached']} is {one['calculated']}" for one in drifted]
    lines += [f"the arrival of {name} is not what its documents say" for name in arriving.differed]
    lines += [f"the M-Pesa code of {name} is not held as its documents say" for name in codes.differed]
    lines.append(f"{checked} checked, {len(found)} drifted, {mended} mended")
    values: dict[str, Any] = {"checked": checked, "kinds": by_kind, "drifted": drifted, "mended": mended}
    for key, name, one in (("arrivals", "arrivals", arriving), ("codes", "M-Pesa codes", codes)):
        if one.checked:
            values[key] = one.values()
            lines.append(f"{one.checked} {name}: {len(one.differed)} differed, {one.mended} mended")
    if any(outcome.resumed_after is not None for outcome in outcomes):
        values["resumed"] = True
        lines.append("A run that was interrupted was continued; what it mended before is in the audit log.")
    # What is left wrong: looked at only, or too busy to be locked.
    whole = all(len(one.differed) == one.mended for one in beside)
    return Answer(values, lines, len(found) == mended and whole)


@contextmanager
def _alert(opened: Opened, home: Path) -> Iterator[Alert]:
    """The log, and at the centre the webhook of its settings."""
    from pos_app.store.upkeep.traced_drift import log_alert

    if opened.kind is not HomeKind.CENTRAL:
        yield log_alert
        return
    from sync.server.webhook import Webhook

    webhook = Webhook(settings.load(home).alert_webhook)
    try:
        yield webhook
    finally:
        webhook.close()


def _described(traced: TracedDrift, base: Currency) -> dict[str, Any]:
    drift = traced.drift
    return {
        **traced.values(),
        "cached": _texts(drift.cached, drift.key, base),
        "calculated": _texts(drift.expected, drift.key, base),
        "before": _texts(drift.cached, drift.key, base),
        "after": _texts(drift.expected, drift.key, base),
    }


def _texts(values: Values, key: dict[str, Any], base: Currency) -> dict[str, str]:
    """Each value as a decimal string: money in major units, quantities in units."""
    own = currency(str(key["currency"])) if "currency" in key else base
    texts = {}
    for name, value in values.items():
        if name == "quantity":
            texts[name] = plain_quantity(value)
        else:
            texts[name] = decimal_text(value, base if name == "base_amount" else own)
    return texts
