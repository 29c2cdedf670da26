"""What a document must obey by itself, before any database is asked."""
