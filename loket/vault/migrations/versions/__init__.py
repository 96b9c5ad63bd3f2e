"""Migrations of the key store: a line apart from that of the data."""
