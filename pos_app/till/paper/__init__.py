"""What is printed, after its document was committed."""
