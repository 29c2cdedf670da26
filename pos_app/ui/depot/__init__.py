"""What a depot does beside selling: the menu behind F2.

Decisions
---------
2026-11-21  F2 of the basket leads here and no longer to the search field: whatever is typed or scanned there
goes into the field anyway, and Esc empties it, so the field needs no key of its own.

2026-11-21  An entry that a person may not record alone is not hidden: it says that a manager approves, and
the PIN is asked for when the work is done, not before it.
"""
