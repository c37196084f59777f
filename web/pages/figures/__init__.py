"""Figures as charts and tables."""
