"""Service: letters to PDF."""
