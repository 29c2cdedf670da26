"""The cash drawer, and money that leaves it without a sale."""
