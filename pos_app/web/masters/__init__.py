"""The masters in a browser: one declaration a noun, and the pages that are the same for all."""
