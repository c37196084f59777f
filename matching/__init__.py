"""Find what answers a need, and say why."""
