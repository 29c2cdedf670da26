"""The journal, written for other programs."""
