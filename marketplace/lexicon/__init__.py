"""Operators' entries of the matching lexicon: concepts that are new, and what is added to or taken from those that are there."""
