"""Outcomes: the decision of two, the publicity, objections and what follows from them, awards."""
