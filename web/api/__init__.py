"""The interface for programs, /api/v1: the same verbs and the same masks as the pages, as JSON."""
