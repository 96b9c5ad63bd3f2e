"""The iWmo messages as frozen dataclasses, and their way from and to XML."""
