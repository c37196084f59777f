"""What decides about experts: pure functions that ask no database."""
