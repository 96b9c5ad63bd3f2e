"""Keeping, and destroying for good: bewaartermijn, vernietigingslijst, verklaring."""
