"""The review: what an expert sees of bids, the sheets, what a panel does together, frozen scores."""
