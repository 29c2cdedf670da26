"""The state of the upkeep of one organisation: walks, open findings, past recalculations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from pos_app.store.upkeep import findings, night_state
from pos_app.store.upkeep import sweep as walks
from pos_app.store.upkeep.findings import Finding
from pos_app.store.upkeep.night_state import NightState
from pos_app.store.upkeep.recalculation import waiting_documents
from pos_app.store.upkeep.sweep import Sweep


@dataclass(frozen=True)
class State:
    """`drifted` and `mended` are the sums over all recalculations."""

    walks: list[Sweep]
    findings: list[Finding]
    waiting_documents: int
    drifted: int
    mended: int
    night: NightState

    @property
    def checked_at(self) -> datetime | None:
        """The end of the oldest last pass over keys: since then every key was looked at."""
        ends = [walk.finished_at for walk in self.walks if walk.name != walks.LINES]
        return None if None in ends or not ends else min(end for end in ends if end is not None)

    def values(self) -> dict[str, Any]:
        """As JSON says it."""
        return {
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
            "walks": {
                walk.name: {
                    "finished_at": walk.finished_at.isoformat() if walk.finished_at else None,
                    "coverage_percent": walk.coverage_percent(),
                    "passes": walk.passes,
                    "found": walk.found,
                }
                for walk in self.walks
            },
            "findings": [
                {**one.traced.values(), "found_at": one.found_at.isoformat()} for one in self.findings
            ],
            "checkpoint_waiting": self.waiting_documents,
        }


def read(connection: Connection, org_id: int) -> State:
    """The state as it stands."""
    drifted, mended = connection.execute(
        text(
            "SELECT coalesce(sum(drifted), 0), coalesce(sum(mended), 0) FROM recalculation"
            " WHERE org_id = :org"
        ),
        {"org": org_id},
    ).one()
    return State(
        walks.all_of(connection, org_id),
        findings.all_of(connection, org_id),
        waiting_documents(connection, org_id),
        int(drifted),
        int(mended),
        night_state.read(connection, org_id),
    )
