"""The backups of an embedded centre: whole copies, the log between them, and putting both back."""
