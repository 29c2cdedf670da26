"""The things around a till: scanner, receipt printer, cash drawer; each with its shipped stand-in.

This room knows nothing of the ledger but its error tree, and nothing of Qt. Nothing is imported here:
a till that has no serial port need not load pyserial to start.
"""
