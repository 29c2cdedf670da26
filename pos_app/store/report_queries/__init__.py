"""The SQL of the reports, one file for each thing that is asked; the rooms above get plain values.

Decisions
---------
2026-11-21  A balance at a date is, at the centre, the cached balance less what was posted from that
date on: most reports end today or last month, and sum a month of lines instead of ten years of them.
A till sums its own lines: its cached balances hold what happened elsewhere too, and its report is of
its own documents.

2026-11-21  A document counts at the moment when it happened (`occurred_at`), not when it reached the
centre: a till that was a week without a line changes the report of last week, which is where its
sales belong.  Who must not see a closed month change locks it (`period_lock`).

2026-11-21  Foreign documents enter sums of sales by groups of equal rate, each group converted once:
the multiplication does not fit 64 bits on SQLite, and a sum of rounded lines is further from the
revenue accounts than a rounded sum.
"""
