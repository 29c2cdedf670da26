"""The reports: each asks the store and knows accounting."""
