"""Money with staff, members, customers and vendors beside trade."""
