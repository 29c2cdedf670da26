"""What customers leave with us, from intake to collection."""
