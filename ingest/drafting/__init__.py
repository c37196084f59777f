"""One row of a table becomes one draft."""
