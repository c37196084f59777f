"""A supplier's own introduction, a document of a few pages, becomes statements, cases and skills with their places."""
