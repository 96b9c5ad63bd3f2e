"""Roof: copies of both databases that the server itself cannot open, and the way back."""
