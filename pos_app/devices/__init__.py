"""The things around a till: scanner, and receipt printer with its shipped stand-ins.

A cash drawer hangs on the printer: `paper.Kick` opens it.

This room knows nothing of the ledger but its error tree, and nothing of Qt. Nothing is imported here:
a till that has no serial port need not load pyserial to start.
"""
