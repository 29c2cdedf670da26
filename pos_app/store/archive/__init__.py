"""Old years written out, read back and checked."""
