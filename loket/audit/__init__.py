"""Service: append-only trail, reads included."""
