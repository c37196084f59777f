"""Pages of the experts who judge bids."""
