"""What the columns of a list mean."""
