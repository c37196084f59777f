"""The formal check: bids against conditions by two checkers, corrections in a window, objections to the result."""
