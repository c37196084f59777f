"""Needs that are posted by form: drafts, publication, outcomes."""
