"""How an edition is made: rows become items, posted needs are gathered, what was taken down stays out."""
