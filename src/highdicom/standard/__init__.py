"""What the standard says, as data: IODs, modules, macros, SOP classes, context groups.

The tables are those of PS3.3, PS3.4, PS3.6 and PS3.16; `edition` says of which
edition. They are read when they are first asked for. `validate` walks a dataset along
them::

    for violation in validate(dataset):
        print(violation)
"""

from highdicom.standard.dictionary import register_new_attributes
from highdicom.standard.model import (
    AttributeRule,
    AttributeType,
    Condition,
    ContextGroup,
    Iod,
    ModuleUse,
    Requirement,
    Severity,
    Usage,
    ValueList,
    Violation,
)
from highdicom.standard.modules import (
    IOD_MODULE_MAP,
    MODULE_ATTRIBUTE_MAP,
    SOP_CLASS_UID_IOD_KEY_MAP,
    AttributeTypeValues,
    ModuleUsageValues,
    check_required_attributes,
    construct_module_tree,
    get_module_usage,
    is_attribute_in_iod,
)
from highdicom.standard.tables import (
    context_group,
    edition,
    iod_key_of,
    iod_keys,
    iod_of,
    macro_keys,
    module_keys,
    rules_of,
    sop_class_name,
    sop_class_uids,
    type_of,
)
from highdicom.standard.validation import validate

__all__ = [
    "IOD_MODULE_MAP",
    "MODULE_ATTRIBUTE_MAP",
    "SOP_CLASS_UID_IOD_KEY_MAP",
    "AttributeRule",
    "AttributeType",
    "AttributeTypeValues",
    "Condition",
    "ContextGroup",
    "Iod",
    "ModuleUsageValues",
    "ModuleUse",
    "Requirement",
    "Severity",
    "Usage",
    "ValueList",
    "Violation",
    "check_required_attributes",
    "construct_module_tree",
    "context_group",
    "edition",
    "get_module_usage",
    "iod_key_of",
    "iod_keys",
    "iod_of",
    "is_attribute_in_iod",
    "macro_keys",
    "module_keys",
    "register_new_attributes",
    "rules_of",
    "sop_class_name",
    "sop_class_uids",
    "type_of",
    "validate",
]
