"""The only writer of documents, and what waits to be written."""
