"""Experts: who they are, what ties them to whom, who may judge what."""
