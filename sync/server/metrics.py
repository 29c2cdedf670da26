"""Metrics for Prometheus, in its text format, read from the database: every process says the same.

Only numbers, by organisation key: no name, no amount.  Answered to who sends the `metrics_token` of
the settings, or, without one, to this machine only.

Decision 2026-11-20: written by hand.  The format is a line for a number; the client library would
bring a registry of process-wide state, which several server processes would each have their own of.
"""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pos_app.ledger.clock import Clock
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.upkeep import upkeep_state

PATH: Final = "/metrics"
MEDIA_TYPE: Final = "text/plain; version=0.0.4"

_HELP: Final = {
    "bohari_reconciliation_age_seconds": ("gauge", "Seconds since a whole pass ended; -1 before the first."),
    "bohari_reconciliation_coverage_ratio": ("gauge", "How much of the present pass is done, 0 to 1."),
    "bohari_reconciliation_passes_total": ("counter", "Whole passes."),
    "bohari_reconciliation_findings_total": ("counter", "Drifts that the background found."),
    "bohari_findings_open": ("gauge", "Drifts that nobody has mended yet."),
    "bohari_checkpoint_waiting_documents": ("gauge", "Documents that no checkpoint has yet."),
    "bohari_recalculation_drifted_total": ("counter", "Drifts that recalculations found."),
    "bohari_recalculation_mended_total": ("counter", "Drifts that recalculations mended."),
}


def text(database: Database, clock: Clock) -> str:
    """All metrics of all organisations."""
    now = clock.now()
    samples: dict[str, list[str]] = {name: [] for name in _HELP}
    with database.read() as connection:
        for org_id in organisations.all_ids(connection):
            state = upkeep_state.read(connection, org_id)
            for name, labels, value in _samples(state, now):
                samples[name].append(f'{name}{{org="{org_id}"{labels}}} {value}')
    lines = []
    for name, (kind, said) in _HELP.items():
        lines += [f"# HELP {name} {said}", f"# TYPE {name} {kind}", *samples[name]]
    return "\n".join(lines) + "\n"


def _samples(state: upkeep_state.State, now: datetime) -> Iterator[tuple[str, str, str]]:
    for walk in state.walks:
        label = f',walk="{walk.name}"'
        age_s = -1 if walk.finished_at is None else int((now - walk.finished_at).total_seconds())
        yield "bohari_reconciliation_age_seconds", label, str(age_s)
        percent = walk.coverage_percent()
        yield "bohari_reconciliation_coverage_ratio", label, f"{percent // 100}.{percent % 100:02d}"
        yield "bohari_reconciliation_passes_total", label, str(walk.passes)
        yield "bohari_reconciliation_findings_total", label, str(walk.found)
    yield "bohari_findings_open", "", str(len(state.findings))
    yield "bohari_checkpoint_waiting_documents", "", str(state.waiting_documents)
    yield "bohari_recalculation_drifted_total", "", str(state.drifted)
    yield "bohari_recalculation_mended_total", "", str(state.mended)


def may_read(address: str, authorization: str, token: str) -> bool:
    """Whether who asks from this address, with this header, may see the metrics."""
    if token:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
