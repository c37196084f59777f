"""Pure rules of the lists: what a row says, whether two rows are one item, what changed, what is hidden."""
