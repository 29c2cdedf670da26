"""What the printer gives for one document."""
