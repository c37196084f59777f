"""Builds the shipped sentence encoder from licensed text: `python -m matching.training --data DIR --output DIR`.

From running text come a vocabulary and word vectors, from pairs of texts that say the same the weights;
at the end one row per token is left, which `matching.encoder` averages.
"""
