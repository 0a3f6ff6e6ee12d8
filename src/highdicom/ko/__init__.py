"""Selections of key objects (PS3.3 Section A.35.4, PS3.16 TID 2010)."""

from highdicom.ko.content import KeyObjectSelection
from highdicom.ko.sop import KeyObjectSelectionDocument

__all__ = ["KeyObjectSelection", "KeyObjectSelectionDocument"]
