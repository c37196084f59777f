"""What the pages of rounds say: words, forms, documents, and who answers a round."""
