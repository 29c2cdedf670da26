"""Invoices on credit: written from the basket at hand, kept as drafts, taken back by a credit note.

Decisions
---------
2026-11-21  "On account" stays a tender and the invoice is a way out of the tender screen: a customer who pays
part of a sale now is served by the tender, one who buys on terms gets an invoice with a due date.  The till
refuses an invoice once money was tendered, so nobody loses what a customer handed over.
"""
