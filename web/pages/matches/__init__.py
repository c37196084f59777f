"""Matches, both ways, as pages show them."""
