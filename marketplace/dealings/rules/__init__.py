"""Pure rules of dealings."""
