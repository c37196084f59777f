"""Dealings in words and forms."""
