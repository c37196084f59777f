"""Bids: writing one, its team, handing it in against a receipt, and what becomes of it until the opening."""
