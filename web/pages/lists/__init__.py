"""Lists, their files and forms."""
