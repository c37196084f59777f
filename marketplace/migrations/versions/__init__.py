"""One dated file a change."""
