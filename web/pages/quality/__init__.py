"""Measured quality of matches as tables, a picture and files."""
