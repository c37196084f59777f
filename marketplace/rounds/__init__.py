"""Rounds: open selections from a notice to sealed bids and their opening."""
