"""What is done at the centre, one noun a file: invoices, bills, purchases, money, stock, entries, year end.

`Office` (in `office.py`) is somebody at work at the centre; every function takes it first and records on the
centre's own chain (terminal `SERVER_TERMINAL_NO`), as the quarantine's decisions and the valuation do.  The
room stands beside `till`, on the store, and knows nothing of it; commands and the demonstration drive it.
People, products and places are named by the codes that people write, documents by their keys; amounts are
minor units, quantities thousandths, days local and YYYYMMDD.

Decisions
---------
2026-11-21  Everything that a document needs to know is read in the transaction that records it (`Books`): the
centre makes some hundred documents in a month, and a chart of accounts of yesterday is a wrong booking.

2026-11-21  Who acts is held against the roles twice: by the guard of the journal, with the same question that
the centre asks of a till's document, and, for what is no document (a draft, a rate, a lock), by `need`.

2026-11-21  Cash at the office is the safe's.  A drawer belongs to a till and its shift; what goes in and out
there is recorded there, or the count at closing would find money missing that nobody took.

2026-11-21  A day that cannot be right (1970, 2099) is refused before anything is begun: a partition of the
ledger for the year 2099 would stay for ever.
"""
