"""Find the same need listed twice, in other words, by another unit, in another file; and say what agrees."""
