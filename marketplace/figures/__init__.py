"""What the market has achieved against the targets of policies: events, targets, counts."""
