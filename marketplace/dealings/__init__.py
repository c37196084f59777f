"""Dealings: what happens between a need and a supplier, from a look to a signed contract."""
