"""The API of the back office for other programs, mounted by `bohari server` below /api/v1."""
