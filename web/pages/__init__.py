"""How things are said and shown: words, facts, answers, differences, tables, and the frame round every page."""
