"""A file becomes clean drafts and readable problems."""
