"""Taking goods back against a receipt."""
