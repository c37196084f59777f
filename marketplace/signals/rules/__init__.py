"""Counting signals: pure functions."""
