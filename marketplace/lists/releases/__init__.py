"""Joint releases: several publishers agree on one edition."""
