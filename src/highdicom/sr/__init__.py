"""Structured reports (PS3.3 Section A.35)."""
