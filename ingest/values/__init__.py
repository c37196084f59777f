"""How a cell is read, one module for each kind of value."""
