"""Data sets as bytes (PS3.5 Section 7): elements, items and sequences, many at once."""
