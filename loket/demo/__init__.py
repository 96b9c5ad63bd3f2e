"""Roof: a fictional municipality, loaded through the same operations as the screens."""
