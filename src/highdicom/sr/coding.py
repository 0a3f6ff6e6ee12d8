"""Coded concepts; they are defined in `highdicom.coding`."""

from highdicom.coding import CodedConcept

__all__ = ["CodedConcept"]
