"""The second medium of a till: another folder, a stick, a share where each of its documents lies as well.

A folder of its own for each till, with a mark in it (`place`), and in that files that only ever grow
(`segment`).  `copier` brings there what is missing, `keeper` does that beside the till for as long as it
runs, `medium_state` says how it stands, `reading` gives the documents back.

Decisions
---------
2026-11-30  What lies there is closed to the shop's public key, the one of its backups: whoever finds the
stick reads nothing, and the till that broke is not needed to read it.  Each document has the signature of
its terminal with it, so that the centre believes it whoever brings it.
2026-11-30  A folder counts as the medium while the mark lies in it that was made when it was chosen: where a
stick is pulled out its folder often stays, empty, on the disk of the till itself.
"""
