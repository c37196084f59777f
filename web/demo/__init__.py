"""The sample market that `jiebang demo` serves."""
