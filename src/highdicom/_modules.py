"""Attributes of modules; see `highdicom.standard`."""

from highdicom.standard.modules import MODULE_ATTRIBUTE_MAP

__all__ = ["MODULE_ATTRIBUTE_MAP"]
