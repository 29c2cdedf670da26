"""Owns the words of the strip above: what waits to be sent, and how the printer is."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.language import _, plural
from pos_app.till.session.status import Status
from pos_app.ui.kit.tokens import Tone
from pos_app.ui.session import Session

#: A document that waits longer than this waits for the line, not for its turn.
_PATIENCE = timedelta(seconds=45)
#: A sale that waits longer for its signature is told of.
_UNSIGNED = timedelta(minutes=15)


class Words(NamedTuple):
    """A state in words, tone and shape."""

    text: str
    tone: Tone
    icon: str


def sync_words(session: Session, status: Status, now: datetime) -> Words:
    """What waits to be sent, since when, and what is wrong."""
    sync = status.sync
    if session.till.is_training:
        return Words(_("Nothing is sent"), "neutral", "cloud-off")
    if sync.frozen:
        return Words(_("Stopped · call the office"), "bad", "circle-alert")
    unsigned = _fiscal_words(status, now)
    if unsigned is not None:
        return unsigned
    if sync.quarantined:
        text = plural(sync.quarantined, "{count} set aside at the centre", "{count} set aside at the centre")
        return Words(text, "warn", "triangle-alert")
    if status.medium is not None and status.medium.trouble:
        if not status.medium.alone:
            return Words(_("Second medium missing"), "warn", "triangle-alert")
        text = plural(
            status.medium.alone,
            "Second medium missing · {count} only here",
            "Second medium missing · {count} only here",
        )
        return Words(text, "warn", "triangle-alert")
    late = sync.waiting_since is not None and now - sync.waiting_since > _PATIENCE
    if sync.waiting and (sync.error or late):
        since = span(now - sync.waiting_since) if sync.waiting_since is not None else ""
        text = _("Offline · {count} waiting, {span}", count=f"{sync.waiting:,}", span=since)
        return Words(text, "warn", "cloud-off")
    if sync.waiting:
        return Words(plural(sync.waiting, "{count} waiting", "{count} waiting"), "neutral", "cloud")
    if sync.coming:
        text = _("Products are coming · {count} so far", count=f"{sync.coming:,}")
        return Words(text, "neutral", "cloud")
    if sync.last_contact_at is None:
        return Words(_("Not connected yet"), "neutral", "cloud-off")
    if status.backup is not None and status.backup.trouble and not sync.error:
        return Words(_("No backup · call the office"), "warn", "triangle-alert")
    at = session.clock_time(sync.last_contact_at)
    if sync.error:
        return Words(_("Offline · all sent {time}", time=at), "warn", "cloud-off")
    return Words(_("All sent {time}", time=at), "ok", "cloud-check")


def _fiscal_words(status: Status, now: datetime) -> Words | None:
    """How long may still be sold without the authority's signature; None while that is no matter."""
    wait = status.fiscal
    if wait is None or wait.since is None or wait.until is None:
        return None
    if now >= wait.until:
        return Words(_("Not signed · no more sales"), "bad", "circle-alert")
    if now - wait.since < _UNSIGNED:
        return None
    return Words(_("Not signed · sells {span} more", span=span(wait.until - now)), "warn", "triangle-alert")


def printer_words(status: Status) -> Words:
    """How the printer is."""
    if status.uncertain:
        return Words(_("Check the paper"), "bad", "printer-x")
    failed = [job for job in status.unprinted if job.error]
    if failed:
        text = _("Printer: {count} waiting", count=len(status.unprinted))
        return Words(text, "warn", "printer-x")
    return Words(_("Printer ready"), "ok", "printer-check")


def span(length: timedelta) -> str:
    """A length of time in the largest unit that tells enough."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return _("under 1 min")
    if minutes < 60:
        return _("{count} min", count=minutes)
    if minutes < 48 * 60:
        return _("{count} h", count=minutes // 60)
    return _("{count} days", count=minutes // (24 * 60))
