"""What a shop is made of, as the office keeps it: one noun a file, each a row or a few that change.

Every function takes the `Office` first and codes that people write; every change is in the audit log by
itself, under the name of who acts, and reaches the tills by the feed.
"""
