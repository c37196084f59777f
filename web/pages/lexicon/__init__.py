"""What the pages of the lexicon show: words, forms, what a proposal would do."""
