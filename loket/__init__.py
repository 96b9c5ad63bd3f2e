"""Loket: case system for the one counter of a Dutch municipality (Wmo 2015)."""
