"""Roof: copies of both databases that the server cannot open, and the way back."""
