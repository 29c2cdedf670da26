"""Questions laid over the window: an approval, an amount, a few words, a choice, the keys."""
