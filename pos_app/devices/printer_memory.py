"""Printers without a printer: one that keeps its jobs and fails on demand, and one that prints nothing."""

from dataclasses import dataclass, field
from typing import Literal

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain

Condition = Literal["ready", "offline", "paper_out", "silent"]


@dataclass(slots=True)
class MemoryPrinter:
    """A stand-in that keeps the bytes of every job in `jobs`.

    `condition`: `ready` prints; `offline` and `paper_out` refuse before anything is sent; `silent` takes the
    bytes (into `unconfirmed`) and never says that it printed them, as a printer does whose cover is open.
    """

    condition: Condition = "ready"
    jobs: list[bytes] = field(default_factory=list)
    unconfirmed: list[bytes] = field(default_factory=list)

    def send(self, job: bytes) -> None:
        """Keep the job, or fail as `condition` says."""
        match self.condition:
            case "offline":
                raise PrinterUnavailable("printer-does-not-answer")
            case "paper_out":
                raise PrinterUnavailable("printer-out-of-paper")
            case "silent":
                self.unconfirmed.append(job)
                raise PrintUncertain("printer-unconfirmed")
            case "ready":
                self.jobs.append(job)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class NoPrinter:
    """For a till without a printer: every job is done at once and leaves no trace."""

    def send(self, job: bytes) -> None:
        """Do nothing with the job."""

    def close(self) -> None:
        """Nothing is held open."""
