"""Alerts to a URL of the owner's choice: one JSON object for each, after the log has it.

Sent from a thread of its own, so that a slow or dead address delays nothing; what does not fit the
queue or cannot be delivered is dropped with a line in the log: the audit log has every finding.
"""

import queue
import threading
from collections.abc import Sequence
from typing import Any, Final

import httpx

from pos_app.log import events
from pos_app.store.upkeep.traced_drift import TracedDrift, log_alert

TIMEOUT_S: Final = 5.0
#: The most drifts in one message, and messages that wait.
MOST_DRIFTS: Final = 100
_MOST_WAITING: Final = 100


class Webhook:
    """An `Alert` that logs and, with a URL, posts."""

    def __init__(self, url: str = "") -> None:
        self._url = url
        self._waiting: queue.Queue[dict[str, Any] | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None

    def __call__(self, what: str, org_id: int, drifts: Sequence[TracedDrift]) -> None:
        """Log, and hand the message to the thread; waits for nobody."""
        log_alert(what, org_id, drifts)
        told = [one.values() for one in drifts[:MOST_DRIFTS]]
        self.post({"alert": what, "org_id": org_id, "count": len(drifts), "discrepancies": told})

    def post(self, message: dict[str, Any]) -> None:
        """Hand a message to the thread, where there is a URL; waits for nobody."""
        if not self._url:
            return
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            events.ALERT_NOT_SENT.log(reason="too many wait")
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_all, name="webhook", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Give what waits a moment to be sent."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(2 * TIMEOUT_S)
            self._thread = None

    def _send_all(self) -> None:
        # One client for all: each new one reads the authorities' certificates again, 30 ms of work.
        with httpx.Client(timeout=TIMEOUT_S) as client:
            while (message := self._waiting.get()) is not None:
                self._send(client, message)

    def _send(self, client: httpx.Client, message: dict[str, Any]) -> None:
        try:
            client.post(self._url, json=message).raise_for_status()
        except Exception as error:  # noqa: BLE001 - whatever it is, an alert must hurt nobody
            # Its sentence may hold the address, and the address a secret.
            events.ALERT_NOT_SENT.log(reason=type(error).__name__)
