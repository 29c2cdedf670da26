"""Fiscal devices: what a tax authority signs of a sale, behind one interface for every regime.

A regime (`regime.Regime`) is pure: it makes the messages and reads the answers, and is given a `Line` that
carries them.  Nothing here knows a database, a till or a library of HTTP.  Which regimes there are stands in
`regimes`; another one is a file and a line there, and touches none of the others.

Decisions
---------
2026-12-01  The sale is committed first, and its fiscal state is a record of its own that follows: waiting,
sent, signed or refused (`store.fiscal`).  Nothing fiscal is part of the transaction of a checkout, so that a
device that is slow, wrong or gone costs no customer a second.

2026-12-01  All devices are asked by one worker at the centre (`sync.server.fiscal_worker`), the control unit
on the shop's own network too.  The authority counts invoices of a branch one by one without a gap, and
several tills sell in one branch: only one writer can give such numbers, and two tills that were offline
cannot agree on one.  A shop of one PC has its centre on it, and a chain reaches the control unit of each shop
over its own line.  Documents reach the centre by the daemons, the signature goes back by the feed.

2026-12-01  A number is given to one invoice and kept with it before anything is sent, and only one invoice of
a device is ever under way.  Whatever happens between the device's answer and our commit, the next turn asks
the device what it has under this number before it sends anything.  A refusal gives the number back.
"""
