"""Files of rows brought in by a browser: chosen, matched, looked at, and only then done."""
