"""The back office in a browser: its pages over a real centre, and once in a real browser."""
