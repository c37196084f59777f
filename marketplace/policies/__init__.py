"""Policies of regions as data: clause, text, value, status, from, to. Nothing of them is a constant in code."""
