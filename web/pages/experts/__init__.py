"""Pages about experts."""
