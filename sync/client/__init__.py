"""The daemon of a terminal: sends what was recorded, brings in what the centre has.  No Qt.

Decisions
---------
2026-11-20  An answer counts only when it names our own hash at its mark: a sign-in page of a hotel
network, a wrong server or a broken one can never acknowledge anything.

2026-11-29  That hash stands in our own greeting, so whoever echoes it had acknowledged everything: an answer
counts only when the centre's key signed it for this request (see `conversation`).
"""
