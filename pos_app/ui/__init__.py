"""The till's window: one folder a screen; asks the till, draws, and nothing else.

Decisions
---------
2026-11-20  One filter on the application sees every key first and holds back, for a few hundredths of
a second, what may be a scan.  Screens therefore answer Enter, arrows and Del in `Screen.key`, which the
window calls for keys that no widget wanted; only function keys are Qt shortcuts.

2026-11-20  Language from one JSON catalogue instead of Qt's translator: the same words serve tests, and
the till's own sentences, with figures in them, are translated by template.

2026-11-29  The window keeps the trail: `open` puts the screen in front behind the new one, `back` brings it
again.  A screen does not know from where it was opened, so a second way to it (stock -> count, receipts ->
refund) needs nothing but the call that opens it.
"""
