"""Where in a grid the list is: title rows, header, body, sub-headings, footers."""
