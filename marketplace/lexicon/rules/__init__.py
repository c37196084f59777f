"""Pure rules of lexicon entries: what one may say, and who may propose, read and decide."""
