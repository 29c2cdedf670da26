"""One balance: as it is cached, as the ledger says it must be, and explained."""
