"""The depot's money beside sales: expenses, money between our own places, staff and members.

Decisions
---------
2026-11-21  A form stands right, what it will record left, with the key pad and the one green action: so the
sum and its direction are read in one place before the press.  Enter goes from field to field and ends on the
green action; F12 is that action from anywhere.

2026-11-21  One way of paying for each of these documents.  The use cases take several tenders, but nobody
hands an advance out half in cash and half by M-Pesa; who does, records two.

2026-11-21  A form is begun with one request and keeps it until it is recorded: a second press, also after an
answer that was lost, is the same document.
"""
