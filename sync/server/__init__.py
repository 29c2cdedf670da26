"""The central server: takes documents in, gives master data and balances out, enrols terminals.

Decisions
---------
2026-11-20  The web framework carries bytes only; `desk.Desk` answers requests as plain values, so
that tests drive the whole server without a socket and the framework can be exchanged.
"""
