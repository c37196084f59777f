"""What came of the matches that were shown, read from the areas that own it; it ranks nothing."""
