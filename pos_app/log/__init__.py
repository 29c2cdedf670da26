"""The log of a home: one JSON object a line in `logs/<program>.log`, and the events that may stand there.

`events` is the table of everything that Bohari itself logs, `setting_up` begins and ends the log of a
process, `lines` makes a line of a record, `files` is the file that rotates, `redaction` the second lock
before what must not be in it.

Decisions
---------
2026-11-29  The standard library's logging, and no library over it: what others log (uvicorn, alembic) comes
through the same door, and a line costs nothing before something is worth one.

2026-11-29  No secret by construction: what we log is an `Event` with named facts, declared in one table; a
fact that is not declared there is not written, and none is declared that is a document, a PIN, a key, a
telephone number or an M-Pesa code.  What only a person's sentence or a traceback may carry is masked by
shape (`redaction`): that costs a bar code here and there, and no customer.

2026-11-29  Every program has a file of its own, since only one process can rotate a file safely everywhere;
the many short commands share one, which the first that finds it full rotates.
"""
