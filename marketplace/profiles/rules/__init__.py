"""Pure rules of profiles."""
