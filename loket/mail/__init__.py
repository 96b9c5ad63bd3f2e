"""Service: e-mail that says that work waits, and nothing of whom or what."""
