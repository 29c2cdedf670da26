"""How a database is opened, keyed, locked, encrypted and copied, on both engines."""
