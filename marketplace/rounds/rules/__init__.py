"""Pure rules of rounds: no session, no clock, no randomness."""
