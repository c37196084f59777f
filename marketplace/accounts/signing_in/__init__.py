"""Signing in: passwords, second factors, sessions, ways back in, and the tokens of programs."""
