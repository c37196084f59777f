"""Panels of experts: who is drawn, who must not judge what, who drops out."""
