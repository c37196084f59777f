"""Leaving: organisations that close and people who are erased."""
