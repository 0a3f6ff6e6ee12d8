"""What the standard says, as data: IODs, modules, macros, SOP classes, context groups.

The tables are those of PS3.3, PS3.4, PS3.6 and PS3.16; `edition` says of which
edition. They are read when they are first asked for. `validate` walks a dataset along
them::

    for violation in validate(dataset):
        print(violation)
"""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.standard.dictionary import (
        register_new_attributes as register_new_attributes,
    )
    from highdicom.standard.model import (
        AttributeRule as AttributeRule,
        AttributeType as AttributeType,
        Condition as Condition,
        ContextGroup as ContextGroup,
        Iod as Iod,
        ModuleUse as ModuleUse,
        Requirement as Requirement,
        Severity as Severity,
        Usage as Usage,
        ValueList as ValueList,
        Violation as Violation,
    )
    from highdicom.standard.modules import (
        IOD_MODULE_MAP as IOD_MODULE_MAP,
        MODULE_ATTRIBUTE_MAP as MODULE_ATTRIBUTE_MAP,
        SOP_CLASS_UID_IOD_KEY_MAP as SOP_CLASS_UID_IOD_KEY_MAP,
        AttributeTypeValues as AttributeTypeValues,
        ModuleUsageValues as ModuleUsageValues,
        check_required_attributes as check_required_attributes,
        construct_module_tree as construct_module_tree,
        get_module_usage as get_module_usage,
        is_attribute_in_iod as is_attribute_in_iod,
    )
    from highdicom.standard.names import iod_key_of as iod_key_of
    from highdicom.standard.tables import (
        context_group as context_group,
        edition as edition,
        iod_keys as iod_keys,
        iod_of as iod_of,
        macro_keys as macro_keys,
        module_keys as module_keys,
        rules_of as rules_of,
        sop_class_name as sop_class_name,
        sop_class_uids as sop_class_uids,
        type_of as type_of,
    )
    from highdicom.standard.validation import (
        validate as validate,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.standard.dictionary": ("register_new_attributes",),
            "highdicom.standard.model": (
                "AttributeRule",
                "AttributeType",
                "Condition",
                "ContextGroup",
                "Iod",
                "ModuleUse",
                "Requirement",
                "Severity",
                "Usage",
                "ValueList",
                "Violation",
            ),
            "highdicom.standard.modules": (
                "IOD_MODULE_MAP",
                "MODULE_ATTRIBUTE_MAP",
                "SOP_CLASS_UID_IOD_KEY_MAP",
                "AttributeTypeValues",
                "ModuleUsageValues",
                "check_required_attributes",
                "construct_module_tree",
                "get_module_usage",
                "is_attribute_in_iod",
            ),
            "highdicom.standard.names": ("iod_key_of",),
            "highdicom.standard.tables": (
                "context_group",
                "edition",
                "iod_keys",
                "iod_of",
                "macro_keys",
                "module_keys",
                "rules_of",
                "sop_class_name",
                "sop_class_uids",
                "type_of",
            ),
            "highdicom.standard.validation": ("validate",),
        },
    )
