"""`bohari recalculate`: compare cached balances with the ledger and mend them towards it."""

from pathlib import Path
from typing import Any

from pos_app.commands.answer import Answer
from pos_app.commands.home import opened
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import quantity_text
from pos_app.store import balances
from pos_app.store.balances import KINDS, Drift, Values


def recalculate(home: Path, kinds: list[str], *, dry_run: bool) -> Answer:
    """Check each kind; mend unless `dry_run`.  Raises `Refused` for a kind that is none."""
    for kind in kinds:
        if kind not in KINDS:
            raise Refused(f"“{kind[:20]}” is no kind of balance; choose one of {', '.join(KINDS)}.")
    checked, found = 0, list[Drift]()
    by_kind: dict[str, int] = {}
    with opened(home) as one:
        for kind in kinds:
            count, drifts = balances.reconcile(
                one.database,
                kind,
                one.clock,
                org_id=one.org_id,
                terminal_no=one.terminal_no,
                dry_run=dry_run,
            )
            by_kind[kind] = count
            checked += count
            found += drifts
        base = one.organisation.currency
    mended = 0 if dry_run else len(found)
    drifted = [_described(drift, base) for drift in found]
    lines = [f"{kind}: {count} checked" for kind, count in by_kind.items()]
    lines += [f"{one['projection']} {one['key']}: {one['cached']} is {one['calculated']}" for one in drifted]
    lines.append(f"{checked} checked, {len(found)} drifted, {mended} mended")
    values = {"checked": checked, "kinds": by_kind, "drifted": drifted, "mended": mended}
    return Answer(values, lines, not (dry_run and found))


def _described(drift: Drift, base: Currency) -> dict[str, Any]:
    return {
        "projection": drift.projection,
        "key": drift.key,
        "cached": _texts(drift.cached, drift.key, base),
        "calculated": _texts(drift.truth, drift.key, base),
    }


def _texts(values: Values, key: dict[str, Any], base: Currency) -> dict[str, str]:
    """Each value as a decimal string: money in major units, quantities in units."""
    own = currency(str(key["currency"])) if "currency" in key else base
    texts = {}
    for name, value in values.items():
        if name == "quantity":
            texts[name] = quantity_text(value).replace(",", "").replace("\u2212", "-")
        else:
            texts[name] = decimal_text(value, base if name == "base_amount" else own)
    return texts
