"""What a person can do at a terminal, one use case a file, without a window.

`Till` (in `till.py`) holds the use cases; the window, the importer and the tests drive the same
objects.  Nothing here waits for the network, the printer or the server.

Decisions
---------
2026-11-20  What a cashier may not do alone (refund, void, price change, credit beyond the limit)
takes an `Approval`: a manager's PIN checked by the same counted sign-in, so that guessing an
approval locks like guessing a sign-in.

2026-11-20  The print job is written in the transaction of its document and printed later by the
spool: a power cut between commit and paper loses neither.
"""
