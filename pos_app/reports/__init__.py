"""What goes on paper and into files: receipts, exports.  Reads documents, writes none."""
