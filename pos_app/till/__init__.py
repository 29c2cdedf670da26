"""What a person can do at a terminal, one use case a file, without a window.

`Till` (in `till.py`) holds the use cases; the window, the importer and the tests drive the same
objects.  Nothing here waits for the network, the printer or the server.

Decisions
---------
2026-11-20  What a cashier may not do alone (refund, void, price change, credit beyond the limit)
takes an `Approval`: a manager's PIN checked by the same counted sign-in, so that guessing an
approval locks like guessing a sign-in.

2026-11-20  The print job is written in the transaction of its document and printed later by the spool: a
power cut between commit and paper loses neither.

2026-11-21  Every use case asks for its request before it looks at balances: a document may have used up
the very limit, stock or M-Pesa code that it needed, and pressed again it is the same document, not a
refusal.

2026-11-21  Stock below nothing is sold: the hand that holds the goods is right and the books are late.
The answer says so (`Done.short`), `Stock.negative` lists it and `Stock.explain` tells why.

2026-11-21  A till knows its own documents whole and of all others only the balances that came by the
feed. So an invoice is credited where it was written, while it is paid anywhere; an order of the office
and a transfer of another till are received from the document itself (`Receiving.against_order`,
`Transfers.receive` take it), and what came of it elsewhere is judged at the centre.

2026-11-21  Each currency of a drawer is closed by a document of its own, all in one transaction. One with
many currencies would have needed a rate for each line; this way a close is counted, printed and posted as
it always was. What a rate that changed during a shift leaves on the cash account in base currency is the
accountant's revaluation.
"""
