"""Every event that Bohari logs, with what it means and what to do: the operations page is made of this.

A name never changes its meaning: scripts look for names.  Lines of other libraries (uvicorn, alembic,
Python's warnings) come under their own loggers, from WARNING up.
"""

from logging import ERROR, INFO, WARNING
from typing import Final

from pos_app.log import fiscal_events, payment_events, printing_events, recovery_events
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
UPGRADE_FAILED: Final = Event(
    "upgrade-failed",
    "database",
    ERROR,
    "The till's tables could not be brought to this version's; they are as they were. Put the version of"
    " before back and send the support bundle.",
    ("side", "before", "after"),
)
TRIGGERS_REBUILT: Final = Event(
    "triggers-rebuilt", "database", INFO, "Other triggers are declared now; they were made anew.", ("side",)
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
DAMAGED: Final = Event(
    "damaged",
    "database",
    ERROR,
    "Pages of the database cannot be read as they were written, or its log lost commits (`what`). A till"
    " records nothing more in that file and leaves a mark beside it. Look at the disk; do not delete the"
    " file; see “Checks that run by themselves”.",
    ("what",),
)
PAGES_NOT_CHECKED: Final = Event(
    "pages-not-checked",
    "database",
    WARNING,
    "The pages of the till's file could not be looked at beside the till; the night does it.",
)
DATABASE_AWAY: Final = Event(
    "database-away",
    "database",
    WARNING,
    "Postgres does not answer; tills are told to come again. Look at Postgres. At most every ten seconds.",
)

VERIFIED: Final = Event(
    "verified",
    "database",
    INFO,
    "A whole verification ended by itself: documents looked at, problems found.",
    ("org_id", "documents", "problems"),
)
VERIFICATION_FAILED: Final = Event(
    "verification-failed",
    "database",
    ERROR,
    "The verification of the night found something that does not hold; “bohari verify” says all of it. See"
    " “Checks that run by themselves”.",
    ("org_id", "problems"),
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
AUDIT_NOT_TAKEN: Final = Event(
    "audit-not-taken",
    "sync",
    WARNING,
    "The centre does not take the audit log: it is of the release before, or refuses it. It is sent again.",
)
REQUESTS_NOT_TAKEN: Final = Event(
    "requests-not-taken", "sync", WARNING, "The centre does not take what the till asks for. It waits."
)
REQUESTS_UNDECIDED: Final = Event(
    "requests-undecided", "server", ERROR, "Nothing was decided about requests. The next that come bring it."
)
AUDIT_MISFITS: Final = Event(
    "audit-misfits",
    "sync",
    WARNING,
    "The centre has another audit entry under this number of this till. Both are kept: “bohari verify”.",
    ("entry",),
)
FROZEN: Final = Event(
    "frozen",
    "sync",
    ERROR,
    "This till's database is an old copy or a clone and records nothing more. Enrol it anew under a new"
    " home; keep this one until the office has looked.",
)
REVOKED: Final = Event(
    "revoked",
    "sync",
    ERROR,
    "The centre took this till away: it records nothing more, has forgotten people and prices, and hands over"
    " what it sold. Two people at the centre decide on that: “bohari quarantine list”.",
)
MEDIUM_CHOSEN: Final = Event(
    "medium-chosen",
    "store",
    INFO,
    "Every document of this till lies on a second medium as well from now on; empty when that was ended.",
    ("folder",),
)
MEDIUM_TROUBLE: Final = Event(
    "medium-trouble",
    "store",
    WARNING,
    "The second medium is away, full, read-only or broken: what is recorded now and not yet sent lies on the"
    " till's disk alone. The till sells on; put the medium back, and it catches up by itself.",
)
MEDIUM_BACK: Final = Event(
    "medium-back",
    "store",
    INFO,
    "The second medium works again and has everything up to this sequence.",
    ("upto",),
)
MEDIUM_FAULT: Final = Event(
    "medium-fault", "store", ERROR, "A fault of Bohari itself beside the second medium; it is tried again."
)
BACKUP_CHOSEN: Final = Event(
    "backup-chosen", "store", INFO, "A till's backups go there from now on; empty: none.", ("folder",)
)
BACKUP_TROUBLE: Final = Event(
    "backup-trouble", "store", WARNING, "No backup of this till could be made; tried again in ten minutes."
)
BACKUP_BACK: Final = Event("backup-back", "store", INFO, "A backup of this till was made again.", ("file",))
BACKUP_FAULT: Final = Event(
    "backup-fault", "store", ERROR, "A fault of Bohari itself beside the backups; it is tried again."
)
RESCUED: Final = Event(
    "rescued",
    "sync",
    WARNING,
    "Somebody carried a till's documents to the centre from its old home or its second medium: how many were"
    " here before, are in the books now, and wait for two people.",
    ("terminal", "known", "taken", "set_aside", "left"),
)
HOME_TWICE: Final = Event(
    "home-twice",
    "sync",
    ERROR,
    "Another home speaks as this till: one of them is a copy or was restored from one. Find it and stop it;"
    " “bohari terminal list” at the centre says since when.",
    ("starts",),
)
PIN_DOES_NOT_OPEN: Final = Event(
    "pin-does-not-open",
    "store",
    ERROR,
    "What proves a person's PIN is not what this till closed for them: the file was edited, or its key is"
    " another one. They cannot sign in here until “bohari person pin” gave them another.",
    ("person_id",),
)
PINS_ASKED_AGAIN: Final = Event(
    "pins-asked-again",
    "store",
    WARNING,
    "This till has another key for PINs than before, or hashes that it did not close: nobody signs in until"
    " its daemon has brought them anew.",
)
NEW_LIFE: Final = Event(
    "new-life",
    "sync",
    WARNING,
    "The centre was restored from a backup; this till sends again what it lacks.",
    ("mark",),
)
THAWED: Final = Event(
    "thawed", "sync", WARNING, "The centre's greeting fits this till's history again; it records as before."
)
FEED_DIFFERED: Final = Event(
    "feed-differed",
    "sync",
    ERROR,
    "A row that the centre had sent stood otherwise in this till's file, and was put back as the centre"
    " has it: “bohari audit” has both. Nothing of Bohari writes there but the daemon: somebody edited the"
    " file. Look at what the till recorded since, and who has its key.",
    ("kind", "key", "columns"),
)
FEED_BEGUN_ANEW: Final = Event(
    "feed-begun-anew",
    "sync",
    WARNING,
    "A position in the centre's news that stood in this till's file was never given by the centre; all of"
    " them are read again, as after a restore. Somebody edited the file, it is damaged, or the centre is an"
    " older copy of itself (`feed-behind-till` in its log).",
)
CENTRE_BACKUP_TROUBLE: Final = Event(
    "centre-backup-trouble", "database", ERROR, "The centre's backups fail; see “bohari status”.", ()
)
CENTRE_RESTORED: Final = Event(
    "centre-restored",
    "database",
    WARNING,
    "This database was restored, by us or by hand. A new epoch began; every till reads everything again and"
    " sends what is missing here. `restamped` rows came from another cluster. `why`: `no-note` (a new"
    " home or a copied one), `other-database`, or `stands-before` (an older copy).",
    ("before", "epoch", "restamped", "why"),
)
FEED_REPLACED: Final = Event(
    "feed-replaced", "sync", WARNING, "So many rows a restored centre lacks are out.", ("count", "kinds")
)
FEED_BEHIND_TILL: Final = Event(
    "feed-behind-till",
    "sync",
    ERROR,
    "A till knows a later transaction than this centre: an older database was put back while the server ran."
    " The till reads everything again; restart the server, so that a new epoch begins.",
    ("terminal_no", "kind", "stamp"),
)
CENTRE_KEY_PINNED: Final = Event(
    "centre-key-pinned",
    "sync",
    WARNING,
    "From now on this till believes answers that this key signed. `how` is `enrolment` when its code named"
    " the key, `told` when a person did, `rotation` when the key before announced it; `first-contact` means"
    " that nobody compared it: do, with “bohari server-key show” at the centre.",
    ("fingerprint", "how"),
)

# --- the server -------------------------------------------------------------------------------------

TERMINAL_TWICE: Final = Event(
    "terminal-twice",
    "server",
    ERROR,
    "Two homes speak as one till: it was copied, or restored from a copy. Nothing is lost; find the copy and"
    " stop it.",
    ("org_id", "terminal_no", "starts"),
)
SERVER_KEY_MADE: Final = Event(
    "server-key-made",
    "server",
    WARNING,
    "The centre had no key to sign its answers with, and drew one. If tills knew another, restore"
    " `server.key`.",
    ("fingerprint",),
)
FIRST_PROTOCOL: Final = Event(
    "first-protocol",
    "server",
    WARNING,
    "A till of the release before greeted: it does not check our answers. Upgrade it; the next release does"
    " not hear it.",
    ("org_id", "terminal_no"),
)
REQUEST_REPEATED: Final = Event(
    "request-repeated",
    "server",
    WARNING,
    "A request came that was answered before, or one older than those: a copy, or a till that was put back to"
    " an older program. It was turned away.",
    ("org_id", "terminal_no", "path"),
)

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
AUDIT_STRANGE: Final = Event(
    "audit-strange",
    "server",
    WARNING,
    "Audit entries of a till do not hold; they are kept as evidence. Somebody looks at it: “bohari audit"
    " strange”.",
    ("org_id", "terminal_no", "first", "last", "reason"),
)
FLAGGED: Final = Event(
    "flagged",
    "server",
    WARNING,
    "A document was booked that does not fit what the centre knows; the kind says how. Somebody looks at it:"
    " “bohari flags”.",
    ("org_id", "terminal_no", "sequence", "kind"),
)
CODE_TWICE: Final = Event(
    "code-twice",
    "server",
    WARNING,
    "A document was booked whose M-Pesa code another one holds: two tills took one message while they were"
    " offline. Two people decide: “bohari codes”.",
    ("org_id", "terminal_no", "sequence"),
)
REQUEST_FAULT: Final = Event(
    "request-fault", "server", ERROR, "A request met a fault of the server; the till tries again.", ("path",)
)
FEED_AHEAD: Final = Event(
    "feed-ahead",
    "server",
    ERROR,
    "Rows were brought from another database and are hidden from the tills, which get nothing until"
    " “bohari db new-life” was said here.",
    ("kinds",),
)
NEWS_NOT_HEARD: Final = Event(
    "news-not-heard",
    "server",
    WARNING,
    "It cannot be heard what is new in the database; tills ask by themselves until it can.",
)
NEWS_FAULT: Final = Event(
    "news-fault", "server", ERROR, "What is new met a fault of the server; tills ask by themselves."
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
APPROVAL_REFUSED: Final = Event(
    "approval-refused",
    "till",
    WARNING,
    "A PIN of nobody who may approve, and how many in a row at this terminal. The PIN is never written.",
    ("failures", "locked_out"),
)
WEB_SIGNED_IN: Final = Event(
    "web-signed-in", "web", INFO, "Somebody signed in to the back office in a browser.", ("person_id",)
)

#: All of them, by name.
EVENTS: Final[dict[str, Event]] = {
    one.name: one
    for one in (
        *tuple(globals().values()),
        *vars(printing_events).values(),
        *vars(payment_events).values(),
        *vars(recovery_events).values(),
        *vars(fiscal_events).values(),
    )
    if isinstance(one, Event)
}
