"""What several formats have in common: text with separators, Markdown, numbering, geometry of pages."""
