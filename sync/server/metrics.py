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
from pos_app.ledger.flagging import KINDS
from pos_app.store.backups import state
from pos_app.store.backups.state import State
from pos_app.store.engine.engine import Database
from pos_app.store.journal import double_codes, flags
from pos_app.store.master import organisations
from pos_app.store.organisation import terminals
from pos_app.store.upkeep import night_check, upkeep_state
from sync.protocol import messages

PATH: Final = "/metrics"
MEDIA_TYPE: Final = "text/plain; version=0.0.4"

_HELP: Final = {
    "bohari_reconciliation_age_seconds": ("gauge", "Seconds since a whole pass ended; -1 before the first."),
    "bohari_reconciliation_coverage_ratio": ("gauge", "How much of the present pass is done, 0 to 1."),
    "bohari_reconciliation_passes_total": ("counter", "Whole passes."),
    "bohari_reconciliation_findings_total": ("counter", "Drifts that the background found."),
    "bohari_findings_open": ("gauge", "Drifts that nobody has mended yet."),
    "bohari_verification_age_seconds": ("gauge", "Seconds since a whole verification ended; -1 before one."),
    "bohari_verification_problems": ("gauge", "Problems that the last whole verification found."),
    "bohari_verification_documents": ("gauge", "Documents that it looked at."),
    "bohari_database_checksum_failures_total": ("counter", "Pages that Postgres read with a wrong checksum."),
    "bohari_backup_age_seconds": (
        "gauge",
        "Seconds since the last whole copy of the centre; -1 without one.",
    ),
    "bohari_backup_log_age_seconds": (
        "gauge",
        "Seconds since every change was with the backups; -1 without.",
    ),
    "bohari_backup_trouble": ("gauge", "1 while the backups fail or are overdue."),
    "bohari_codes_twice_open": ("gauge", "M-Pesa codes that came twice and wait for two people."),
    "bohari_flags_open": ("gauge", "Odd things about booked documents that nobody looked at, by kind."),
    "bohari_terminals_first_protocol": ("gauge", "Tills in use that do not check our answers; upgrade them."),
    "bohari_checkpoint_waiting_documents": ("gauge", "Documents that no checkpoint has yet."),
    "bohari_recalculation_drifted_total": ("counter", "Drifts that recalculations found."),
    "bohari_recalculation_mended_total": ("counter", "Drifts that recalculations mended."),
}


def text(database: Database, clock: Clock) -> str:
    """All metrics of all organisations."""
    now = clock.now()
    samples: dict[str, list[str]] = {name: [] for name in _HELP}
    for org_id in organisations.served(database):
        with database.for_org(org_id).read() as connection:
            kept = upkeep_state.read(connection, org_id)
            for name, labels, value in _samples(kept, now):
                samples[name].append(f'{name}{{org="{org_id}"{labels}}} {value}')
            twice = double_codes.count(connection, org_id)
            samples["bohari_codes_twice_open"].append(f'bohari_codes_twice_open{{org="{org_id}"}} {twice}')
            old = terminals.below_protocol(connection, org_id, messages.VERSION)
            samples["bohari_terminals_first_protocol"].append(
                f'bohari_terminals_first_protocol{{org="{org_id}"}} {len(old)}'
            )
            odd = flags.counts(connection, org_id)
            samples["bohari_flags_open"] += [
                f'bohari_flags_open{{org="{org_id}",kind="{kind}"}} {odd.get(kind, 0)}' for kind in KINDS
            ]
    with database.read() as connection:
        failures = night_check.checksum_failures(connection)
    samples["bohari_database_checksum_failures_total"].append(
        f"bohari_database_checksum_failures_total {failures}"
    )
    for name, number in _backups(state.of(database), now):
        samples[name].append(f"{name} {number}")
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
    night = state.night
    age_s = -1 if night.last_at is None else int((now - night.last_at).total_seconds())
    yield "bohari_verification_age_seconds", "", str(age_s)
    yield "bohari_verification_problems", "", str(night.last.problem_count if night.last else 0)
    yield "bohari_verification_documents", "", str(night.last.documents if night.last else 0)
    yield "bohari_findings_open", "", str(len(state.findings))
    yield "bohari_checkpoint_waiting_documents", "", str(state.waiting_documents)
    yield "bohari_recalculation_drifted_total", "", str(state.drifted)
    yield "bohari_recalculation_mended_total", "", str(state.mended)


def _backups(standing: State | None, now: datetime) -> Iterator[tuple[str, int]]:
    """Nothing where none are set: whoever has a Postgres of their own watches its backups there."""
    if standing is None:
        return
    for name, at in (
        ("bohari_backup_age_seconds", standing.base_at),
        ("bohari_backup_log_age_seconds", standing.log_at),
    ):
        yield name, -1 if at is None else int((now - at).total_seconds())
    yield "bohari_backup_trouble", int(standing.complaint(now) is not None)


def may_read(address: str, authorization: str, token: str) -> bool:
    """Whether who asks from this address, with this header, may see the metrics."""
    if token:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
