"""Who offers, who asks, who bids, who may."""
