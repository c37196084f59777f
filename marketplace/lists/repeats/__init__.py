"""Items that likely state the same need: what was found, what people decide about pairs, and what pages show of it."""
