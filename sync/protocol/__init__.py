"""What travels: message types, their bytes, signatures, versions and error codes.

Decisions
---------
2026-11-20  The envelope is msgpack, the documents inside it are their canonical bytes, untouched:
an older server stores what a newer till wrote without understanding every field.

2026-11-20  A push says what the terminal's history was before its first packet (`after_seq`,
`after_hash`).  With it the server tells a broken link inside one history (quarantine, go on) from
another history (a restored image, a clone: freeze).
"""
