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

2026-11-29  The journal asks that, for all of them (`Journal.record`), and the request comes from outside: it
is drawn when a basket, a sheet or a page is opened. A void or a movement of cash that drew its own was two
documents when it was pressed twice.

2026-11-21  Stock below nothing is sold: the hand that holds the goods is right and the books are late.
The answer says so (`Recorded.short`), the stock list shows it first and `Stock.explain` tells why.

2026-11-21  A till knows its own documents whole and of all others the balances that came by the feed. So
an invoice is credited where it was written, while it is paid anywhere.

2026-11-21  What is on its way to the depot comes by the feed with its bytes and with what came of it already
(`store.orders.open_orders_till`): `Orders.open` and `Transfers.arriving` list it, whoever made it, and it
goes away when all came. Where a transfer goes to it is known when its sender has synchronised: nobody
receives it before. Two tills that were offline may receive the same order; the second goes into quarantine
at the centre (see `store.rules.goods_rules`), and its goods come off the till's stock again until two people
have decided.

2026-11-21  Such a list ends after 200 rows (`store.orders.open_orders_till.MOST`): the newest, or what words
in the number or in the vendor's name find. More than that nobody reads; the feed brings all, in pages.

2026-11-21  Things that customers leave (`ServiceOrders`) travel the same way: taken in at one till, they are
marked ready and collected at any till of the depot. They are collected by an ordinary sale or invoice, whose
basket remembers the order, and what is paid ahead is a deposit: no second way to take money. What was
collected and told by the centre is open again after a void as soon as the centre told that too.

2026-11-21  A cylinder that comes back partly full is a refund without a receipt (`HalfReturns`): the gas that
is left at the customer's price, the cylinder as a returnable.

2026-11-21  Each currency of a drawer is closed by a document of its own, all in one transaction. One with
many currencies would have needed a rate for each line; this way a close is counted, printed and posted as
it always was. What a rate that changed during a shift leaves on the cash account in base currency is the
accountant's revaluation.
"""
