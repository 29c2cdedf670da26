"""The screens for goods: what comes, goes, is counted, corrected, looked at, and lent to customers.

Decisions
---------
2026-11-21  A storekeeper has a scanner in one hand, so all of these screens are one: scan (or type, or choose
from the list), number, Enter, and F12 records.  A scan adds one and marks the figure, so that a number typed
after it replaces it; Enter goes back to the scanner's field.  `EntryScreen` is that screen; each use case
says only which columns its lines have, what stands beside them, and what F12 calls.

2026-11-21  What was entered stays when the person leaves: a delivery is not typed again because a customer
came in between.  Only recording it or F9 empties the list.

2026-11-21  A stock count is blind: no figure of the books is on the screen before it is recorded, for what
they expect is read inside its transaction and not before.  Then the differences are shown, and F6 counts
those again: what is counted last holds.
"""
