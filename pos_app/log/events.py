"""Every event that Bohari logs, with what it means and what to do: the operations page is made of this.

A name never changes its meaning: scripts look for names.  Lines of other libraries (uvicorn, alembic,
Python's warnings) come under their own loggers, from WARNING up.
"""

from logging import ERROR, INFO, WARNING
from typing import Final

from pos_app.log.event import Event

# --- programs ---------------------------------------------------------------------------------------

STARTED: Final = Event(
    "started",
    "program",
    INFO,
    "A program began: which command, of which version, on what.",
    ("command", "version", "python", "system"),
)
ENDED: Final = Event("ended", "program", INFO, "A program ended by itself; 0 is well.", ("exit_code",))
SERVING: Final = Event(
    "serving", "program", INFO, "The server answers at this URL, with so many processes.", ("url", "workers")
)
FAULT: Final = Event(
    "fault",
    "program",
    ERROR,
    "A fault of Bohari itself: a command, a thread or a step of the window ended with it. What was"
    " recorded is safe. Send the file that “bohari doctor --support” makes.",
    ("during",),
)
QT: Final = Event("qt", "program", WARNING, "The window's library complains.", ("kind", "category", "text"))

# --- the database -----------------------------------------------------------------------------------

UPGRADED: Final = Event(
    "upgraded",
    "database",
    INFO,
    "The database was made or brought to this version's tables: the migrations before and after.",
    ("side", "before", "after"),
)
TRIGGERS_REBUILT: Final = Event(
    "triggers-rebuilt",
    "database",
    INFO,
    "Other triggers are declared now; they were made anew.",
    ("side",),
)
YEAR_MADE: Final = Event(
    "year-made", "database", INFO, "The partitions of the coming year were made.", ("partitions",)
)
YEAR_NOT_MADE: Final = Event(
    "year-not-made",
    "database",
    WARNING,
    "The partitions of the coming year could not be made; tried again in a minute. Must end with the year.",
)
DATABASE_AWAY: Final = Event(
    "database-away",
    "database",
    WARNING,
    "Postgres does not answer; tills are told to come again. Look at Postgres. At most every ten seconds.",
)

# --- the books --------------------------------------------------------------------------------------

DRIFT: Final = Event(
    "drift",
    "books",
    WARNING,
    "A cached balance is not the sum of its lines (`what` says whether it was found or mended). It is"
    " mended after a quarter of an hour or by “bohari recalculate”; often a damaged disk or a hand in the"
    " database.",
    ("what", "org_id", "projection", "key", "before", "after", "documents", "known_good_at", "mended"),
)
DRIFT_COUNT: Final = Event(
    "drift-count", "books", WARNING, "So many more drifted than have a line.", ("what", "org_id", "count")
)
NOT_CHECKED: Final = Event(
    "not-checked",
    "books",
    WARNING,
    "The balance after a recording could not be looked at; the document stands.",
)
STOCK_VALUED: Final = Event(
    "stock-valued",
    "books",
    INFO,
    "The stock of an organisation was valued up to here.",
    ("org_id", "looked_at", "made"),
)
STOCK_NOT_VALUED: Final = Event(
    "stock-not-valued",
    "books",
    WARNING,
    "The stock of an organisation could not be valued; most often an account is missing in its chart.",
    ("org_id",),
)
UPKEEP_TROUBLE: Final = Event(
    "upkeep-trouble",
    "books",
    WARNING,
    "A turn of the work in the background failed; the next one comes.",
    ("work",),
)
UPKEEP_FAULT: Final = Event(
    "upkeep-fault",
    "books",
    ERROR,
    "The work in the background has a fault of its own; it goes on.",
    ("work",),
)
ALERT_NOT_SENT: Final = Event(
    "alert-not-sent",
    "books",
    WARNING,
    "An alert did not reach the webhook; the audit log has every finding.",
    ("reason",),
)

# --- between a till and the centre -------------------------------------------------------------------

ENROLLED: Final = Event(
    "enrolled", "sync", INFO, "This home became a till of the centre.", ("org_id", "terminal_no", "depot_id")
)
SYNC_WELL: Final = Event("sync-well", "sync", INFO, "The centre answers again, or for the first time.")
SYNC_TROUBLE: Final = Event(
    "sync-trouble",
    "sync",
    WARNING,
    "The till and the centre cannot speak; a line when what is wrong changes. Documents wait here and"
    " nothing is lost.",
)
SYNC_FAULT: Final = Event(
    "sync-fault", "sync", ERROR, "The sync has a fault of its own; it goes on trying. Documents wait here."
)
SYNC_STATE_NOT_WRITTEN: Final = Event(
    "sync-state-not-written",
    "sync",
    WARNING,
    "The state of the sync could not be kept: a full disk, or a busy database.",
)
SET_ASIDE: Final = Event(
    "set-aside",
    "sync",
    WARNING,
    "The centre could not book these documents of this till and keeps them in quarantine; they left its"
    " balances. Two people at the centre decide: “bohari quarantine list”.",
    ("sequences",),
)
FROZEN: Final = Event(
    "frozen",
    "sync",
    ERROR,
    "This till's database is an old copy or a clone and records nothing more. Enrol it anew under a new"
    " home; keep this one until the office has looked.",
)
NEW_LIFE: Final = Event(
    "new-life",
    "sync",
    WARNING,
    "The centre was restored from a backup; this till sends again what it lacks.",
    ("mark",),
)

# --- the server -------------------------------------------------------------------------------------

TERMINAL_ENROLLED: Final = Event(
    "terminal-enrolled",
    "server",
    INFO,
    "A till enrolled with a one-time code.",
    ("org_id", "terminal_no", "depot_id", "address"),
)
ENROLMENT_REFUSED: Final = Event(
    "enrolment-refused",
    "server",
    WARNING,
    "Somebody asked to enrol with a code that is unknown, used or expired; many of them are a guesser.",
    ("address",),
)
QUARANTINED: Final = Event(
    "quarantined",
    "server",
    WARNING,
    "A document could not be booked and is kept with the reason. Two people decide: “bohari quarantine”.",
    ("org_id", "terminal_no", "sequence", "reason"),
)
REQUEST_FAULT: Final = Event(
    "request-fault", "server", ERROR, "A request met a fault of the server; the till tries again.", ("path",)
)
UNHEALTHY: Final = Event(
    "unhealthy", "server", WARNING, "Somebody asked for its health and the database did not answer."
)
TOO_MANY_CONNECTIONS: Final = Event(
    "too-many-connections",
    "server",
    WARNING,
    "Every connection of the server is at work; a new one was turned away. Give it more workers, or a"
    " proxy that holds idle lines.",
)
WORKER_ENDED: Final = Event(
    "worker-ended",
    "server",
    ERROR,
    "A process of the server died; a new one starts.",
    ("worker", "exit_code"),
)

# --- at the till ------------------------------------------------------------------------------------

SIGN_IN_REFUSED: Final = Event(
    "sign-in-refused",
    "till",
    WARNING,
    "A wrong PIN: whose, and how many in a row. The PIN is never written.",
    ("person_id", "failures", "locked_out"),
)
PRINTER_UNAVAILABLE: Final = Event(
    "printer-unavailable",
    "printing",
    WARNING,
    "The printer takes nothing; receipts wait until it does. A line when what is wrong changes.",
    ("job",),
)
PRINTER_BACK: Final = Event("printer-back", "printing", INFO, "The printer takes receipts again.")
PRINT_UNCERTAIN: Final = Event(
    "print-uncertain",
    "printing",
    WARNING,
    "Nobody knows whether this was printed; the till asks a person before it prints again.",
    ("job",),
)
RECEIPT_NOT_DRAWN: Final = Event(
    "receipt-not-drawn", "printing", ERROR, "A receipt cannot be drawn; the sale is recorded.", ("job",)
)
SPOOL_TROUBLE: Final = Event(
    "spool-trouble", "printing", WARNING, "The spool could not read or write its jobs; it tries again."
)

#: All of them, by name.
EVENTS: Final[dict[str, Event]] = {
    one.name: one for one in tuple(globals().values()) if isinstance(one, Event)
}
