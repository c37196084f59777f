"""Policies of regions as data: clause, text, value, status, from, to. Nothing of them is a constant in code."""

from marketplace.policies.policies import by_region, every, get, load

__all__ = ["by_region", "every", "get", "load"]
