"""Names for annotations that not every Python has.

Importing typing_extensions takes longer than twenty modules of ours; where Python has
the names, they are its own.
"""

import sys
from typing import TYPE_CHECKING

__all__ = ["Buffer", "Self", "TypedDict", "Unpack", "dataclass_transform"]

if TYPE_CHECKING:
    from typing_extensions import Buffer, Self, TypedDict, Unpack, dataclass_transform
elif sys.version_info >= (3, 11):
    from typing import Self, TypedDict, Unpack, dataclass_transform

    Buffer = bytes | bytearray | memoryview
else:
    from typing_extensions import Buffer, Self, TypedDict, Unpack, dataclass_transform
