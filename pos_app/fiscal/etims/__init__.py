"""Kenya: eTIMS of the Kenya Revenue Authority, by its online unit (OSCU) and the one in the shop (VSCU).

By the OSCU and VSCU specifications 2.0, the TIS specification 2.0 and public integrations that follow them;
where they differ, `docs/fiscal.md` says so.
"""
