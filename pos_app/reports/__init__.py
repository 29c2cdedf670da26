"""What goes on paper and into files: receipts, reports, invoices, exports.  Reads documents, writes none.

Decisions
---------
2026-11-21  A report is a value (`report.Report`) between two halves that do not know each other: what
makes one asks the store and knows accounting, what draws one knows paper, cells or separators.  A new
report is drawn in every format at once, and its test reads rows, not text.

2026-11-21  A report checks itself where its figures must come to something else (the two sides of a
trial balance, tax and the tax accounts, stock and the inventory accounts, sales and their tenders).
What does not agree is printed with it and ends `bohari report` with exit code 1; a report is never
refused for it, because it is what the accountant looks for the reason in.

2026-11-21  All businesses together are the consolidated statement: their clearing account sums to zero
and is left out.  `--by-business` sets each business beside it, and there the account has its row.

2026-11-21  A till reports on its own documents alone.  What customers owe and what stock is worth it
knows as the centre last said.  Either stands on the report as a note.
"""
