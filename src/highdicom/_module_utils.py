"""Questions about modules; see `highdicom.standard`."""

from highdicom.standard.modules import (
    AttributeTypeValues,
    ModuleUsageValues,
    check_required_attributes,
    construct_module_tree,
    get_module_usage,
    is_attribute_in_iod,
)

__all__ = [
    "AttributeTypeValues",
    "ModuleUsageValues",
    "check_required_attributes",
    "construct_module_tree",
    "get_module_usage",
    "is_attribute_in_iod",
]
