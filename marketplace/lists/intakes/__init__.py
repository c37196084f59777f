"""Files on their way in, until an organiser confirms them."""
