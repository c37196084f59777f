"""Read the request, call one verb, show one page."""
