"""The latest receipts, copies and voids."""
