"""Every point at which the power may go while a till writes: `python -m tests.crash_points`.

What a till asks of its disk is recorded once (`recording`), below SQLite and below Python, as the calls of
the C library that they are.  From that its files are rebuilt as they could stand if the power went after any
of these calls (`disk`), and opened as the product opens them (`judge`): nothing of which somebody has the
paper may be missing.

The models are ALICE (Pillai et al., OSDI 2014) and CrashMonkey (Mohan et al., OSDI 2018).
"""
