"""Who and what documents speak of: products, parties, people, places, rates, periods."""
