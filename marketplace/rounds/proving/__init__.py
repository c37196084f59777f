"""What must hold of rounds, shown from their rows: their notices and approvals, their seal, their bids."""
