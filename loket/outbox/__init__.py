"""Service: promises made inside a transaction, kept after it."""
