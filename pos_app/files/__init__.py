"""Files that people bring: read a row at a time, bounded, every fault with its row."""
