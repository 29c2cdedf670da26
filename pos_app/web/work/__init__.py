"""The pages of work: lists of what was recorded and what waits, one document, and the forms that record."""
