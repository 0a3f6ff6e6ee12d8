"""IODs by SOP class, and their modules; see `highdicom.standard`."""

from highdicom.standard.modules import IOD_MODULE_MAP, SOP_CLASS_UID_IOD_KEY_MAP

__all__ = ["IOD_MODULE_MAP", "SOP_CLASS_UID_IOD_KEY_MAP"]
