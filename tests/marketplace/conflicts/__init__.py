"""Pairs of an expert and a bid, judged by somebody who had not seen the rules' code."""
