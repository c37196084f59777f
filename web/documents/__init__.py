"""Official documents: one neutral model, and the page, the Word file and the PDF that are made of it."""
