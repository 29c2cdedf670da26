"""The pure core: what a depot's documents mean, without a database, a window or a clock.

Owns money and quantities, the document types, the chart of accounts, tax, posting rules, numbering
and the hash chain.  Imports nothing of the other rooms; the till and the central server run this
same code, so that both post a document to the same journal lines.

Decisions
---------
2026-11-20  Amounts in a document are written the way a person says them ("refund 850.00"), never
signed by hand; one function, `posting_rules.post`, gives them their sign.  A return inside a sale is a
line with a negative quantity; a document whose net is in the customer's favour is a `Refund`.

2026-11-20  Resolved account codes stand on the lines and tenders themselves instead of in a map by
role: a posting rule then reads one value, and a reader of the raw document sees where each amount
went.

2026-11-20  Lines of one document may belong to several businesses (a gas till also sells water).
Posting closes each business by a line on the inter-business clearing account, so that every
business's books balance alone and consolidate by addition.

2026-11-20  A `Reversal` carries the bytes of the document that it undoes, because posting is a
function of the document alone; the server checks them against the document it has.

2026-11-21  What is open of an invoice and what stock is worth are parts of a posting, like journal lines
and stock moves: an ageing or an average cost is then a flat sum that explains itself document by document.
An allocation says by how much it lowers the invoice in both currencies, so that no rule has to look the
invoice's rate up, and a closed invoice is closed to the cent.

2026-11-21  An invoice that is paid in another business's till goes down where it was written, over the
clearing account (`Allocation.business_id`): each business's receivables are its own.

2026-11-21  A vendor's tax is what stands on the vendor's paper, up to one minor unit a line from ours:
a bill that cannot be entered as it is printed would be entered wrong.

2026-11-21  The letters of the alphabet are used up by the series of printed numbers: an entry by hand is
"JE", and so will be whatever comes later.
"""
