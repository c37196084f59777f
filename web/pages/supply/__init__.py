"""Pages that hold whole lists against the whole supply."""
