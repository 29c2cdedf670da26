"""Payments that somebody else confirms, behind one interface (`provider`); M-Pesa by Daraja is the first.

Pure: what is said and what is heard, and servers that stand in for the real ones.  What came lies in
`store.payments`, who speaks with the provider is `sync.server.payment_sender`.
"""
