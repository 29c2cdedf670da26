"""What only the books can judge, inside the transaction that records."""
