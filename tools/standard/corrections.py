"""What has to be put right in conditions before they may be enforced.

A condition that is read from a sentence can be read wrongly. Each correction here
narrows an expression, replaces it, or drops it where it cannot be mended: a condition
that is not checked does less harm than one that finds fault with correct datasets.
"""

import re
from typing import Any

__all__ = ["corrected", "corrected_row", "corrected_use"]

Expression = list[Any]
Row = dict[str, Any]

_ORGANIZATION_TYPE = "00209311"
_NOT_TILED_FULL = [
    "or",
    ["absent", _ORGANIZATION_TYPE],
    ["ne", _ORGANIZATION_TYPE, ["TILED_FULL"]],
]
_VOLUME = ["eq", "00089206", ["VOLUME"]]
_ORIGINAL = ["eq", "00089007", ["ORIGINAL"], 1]
_SEGMENTATION = [
    "eq",
    "/00080016",
    ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"],
]
# Total Pixel Matrix Origin or Image Orientation (Slide).
_ON_SLIDE = ["or", ["present", "/00480008"], ["present", "/00480102"]]
_IN_PATIENT = ["and", ["present", "/00200052"], ["not", _ON_SLIDE]]
_VALUE_TYPE = "0040A040"
_TAGS_OF_ATTRIBUTES = {"00280009"}  # attributes in conditions whose VR is AT
_TAG = re.compile(r"[0-9A-F]{8}")

# By module or macro and attribute: the expression that says what the sentence says, or
# None if it leaves out a part that cannot be expressed.
_REPLACED: dict[tuple[str, str], Expression | None] = {
    # "Body part examined is a paired structure" cannot be told.
    ("general-series", "Laterality"): None,
    # "Is set to YES", not "is absent".
    ("ocular-region-imaged", "RelativeImagePositionCodeSequence"): None,
    # "The referenced SOP Instance is a waveform" cannot be told.
    ("temporal-coordinates", "ReferencedSamplePositions"): None,
    # Not if Patient Orientation Code Sequence is there.
    ("general-series", "PatientPosition"): [
        "and",
        [
            "eq",
            "/00080016",
            [
                "1.2.840.10008.5.1.4.1.1.2",
                "1.2.840.10008.5.1.4.1.1.2.1",
                "1.2.840.10008.5.1.4.1.1.4",
                "1.2.840.10008.5.1.4.1.1.4.1",
                "1.2.840.10008.5.1.4.1.1.4.2",
                "1.2.840.10008.5.1.4.1.1.4.3",
            ],
        ],
        ["absent", "00540410"],
    ],
    # Lists of cases, which are no sentences. A segmentation has its own geometry
    # (PS3.3 A.51.5.1).
    ("pixel-measures", "PixelSpacing"): ["or", _VOLUME, _SEGMENTATION],
    ("pixel-measures", "SliceThickness"): ["or", _VOLUME, _SEGMENTATION],
    **{
        (macro, keyword): ["or", ["and", _ORIGINAL, _VOLUME], _SEGMENTATION]
        for macro, keyword in (
            ("plane-position-patient", "ImagePositionPatient"),
            ("plane-orientation-patient", "ImageOrientationPatient"),
        )
    },
    **{
        ("frame-content", keyword): [
            "and",
            _ORIGINAL,
            [
                "ne",
                "/00080016",
                [  # legacy converted images and slides
                    "1.2.840.10008.5.1.4.1.1.77.1.6",
                    "1.2.840.10008.5.1.4.1.1.2.2",
                    "1.2.840.10008.5.1.4.1.1.4.4",
                    "1.2.840.10008.5.1.4.1.1.128.1",
                ],
            ],
        ]
        for keyword in (
            "FrameReferenceDateTime",
            "FrameAcquisitionDateTime",
            "FrameAcquisitionDuration",
        )
    },
    ("microscope-slide-layer-tile-organization", "ImageOrientationSlide"): [
        "or",
        ["eq", _ORGANIZATION_TYPE, ["TILED_FULL"]],
        ["present", "00480008"],
    ],
    # "If segmented data is not used".
    **{
        ("palette-color-lookup-table", f"{color}PaletteColorLookupTableData"): [
            "absent",
            "00281221",
        ]
        for color in ("Red", "Green", "Blue")
    },
    **{
        ("image-pixel-description", f"{color}PaletteColorLookupTableData"): [
            "and",
            ["eq", "00280004", ["PALETTE COLOR"]],
            ["absent", "00281221"],
        ]
        for color in ("Red", "Green", "Blue")
    },
    # The pointers that the standard has to attributes of functional groups.
    ("multi-frame-dimension", "FunctionalGroupPointer"): [
        "eq",
        "00209165",
        [
            "00200032",  # Image Position (Patient)
            "00209056",  # Stack ID
            "00209057",  # In-Stack Position Number
            "00209128",  # Temporal Position Index
            "0040072A",  # X, Y and Z Offset in Slide Coordinate System
            "0040073A",
            "0040074A",
            "0048021E",  # Column and Row Position In Total Image Pixel Matrix
            "0048021F",
            "00480106",  # Optical Path Identifier
            "0062000B",  # Referenced Segment Number
        ],
    ],
    # "A or B is present, or C is absent": only C is absent.
    **{
        ("real-world-value-mapping-item", keyword): [
            "or",
            ["present", "/7FE00010"],
            ["present", "00409212"],
            ["absent", double],
        ]
        for keyword, double in (
            ("RealWorldValueFirstValueMapped", "00409214"),
            ("RealWorldValueLastValueMapped", "00409213"),
        )
    },
    **{
        ("real-world-value-mapping-item", keyword): [
            "or",
            ["present", "/7FE00008"],
            ["present", "/7FE00009"],
            ["absent", "00409212"],
        ]
        for keyword in ("RealWorldValueIntercept", "RealWorldValueSlope")
    },
}

# Macros that are included under a condition, by the module or macro that includes them.
_INCLUDED_IF: dict[tuple[str, str], Expression] = {
    # Left out only in metadata that travel apart from compressed bulk data.
    ("image-pixel", "image-pixel-description"): ["absent", "00287FE0"],
    # For one value type of a content item only (PS3.3 Table C.17-5).
    **{
        ("document-content", macro): ["eq", _VALUE_TYPE, [value_type]]
        for macro, value_type in {
            "numeric-measurement": "NUM",
            "code": "CODE",
            "composite-object-reference": "COMPOSITE",
            "image-reference": "IMAGE",
            "waveform-reference": "WAVEFORM",
            "spatial-coordinates": "SCOORD",
            "3d-spatial-coordinates": "SCOORD3D",
            "temporal-coordinates": "TCOORD",
            "container": "CONTAINER",
            "table-content-item": "TABLE",
        }.items()
    },
    # A relationship by reference has no content item of its own.
    ("document-relationship", "document-content"): ["absent", "0040DB73"],
}

_COLORED = ["eq", "00089205", ["COLOR", "MIXED"]]
_SEVERAL_FRAMES = ["gt", "00280008", 1]
_DOSE_GRID = ["present", "7FE00010"]

# Conditional modules and functional groups by IOD: the expression for what their
# sentence says in words.
_REQUIRED_IF: dict[tuple[str, str], Expression] = {
    ("parametric-map", "image-pixel"): [
        "and",
        ["absent", "7FE00008"],
        ["absent", "7FE00009"],
    ],
    ("parametric-map", "floating-point-image-pixel"): ["present", "7FE00008"],
    ("parametric-map", "double-floating-point-image-pixel"): ["present", "7FE00009"],
    ("parametric-map", "palette-color-lookup-table"): [
        "and",
        ["eq", "00089205", ["COLOR_RANGE"]],
        ["absent", "00281199"],
    ],
    **{
        (iod, "supplemental-palette-color-lookup-table"): _COLORED
        for iod in (
            "enhanced-ct-image",
            "enhanced-mr-image",
            "intravascular-optical-coherence-tomography-image",
            "photoacoustic-image",
        )
    },
    **{
        (f"multi-frame-{kind}-secondary-capture-image", "sc-multi-frame-vector"): (
            _SEVERAL_FRAMES
        )
        for kind in ("single-bit", "grayscale-byte", "grayscale-word", "true-color")
    },
    **{
        ("rt-dose", module): _DOSE_GRID
        for module in ("general-image", "image-plane", "image-pixel")
    },
    ("rt-dose", "multi-frame"): ["and", _DOSE_GRID, _SEVERAL_FRAMES],
    **{
        ("segmentation", macro): _IN_PATIENT
        for macro in (
            "pixel-measures",
            "plane-position-patient",
            "plane-orientation-patient",
        )
    },
    # "If not empty": it has the values of the dimension indices.
    ("segmentation", "frame-content"): [
        "and",
        ["present", "/00209222"],
        _NOT_TILED_FULL,
    ],
    ("segmentation", "derivation-image"): ["absent", "/00200052"],
    **{
        ("parametric-map", macro): _IN_PATIENT
        for macro in ("plane-position-patient", "plane-orientation-patient")
    },
    **{
        (iod, "plane-position-slide"): ["and", _ON_SLIDE, _NOT_TILED_FULL]
        for iod in ("segmentation", "parametric-map")
    },
    ("parametric-map", "stored-value-color-range"): [
        "eq",
        "/00089205",
        ["COLOR_RANGE"],
    ],
    ("digital-x-ray-image", "voi-lut"): ["eq", "00080068", ["FOR PRESENTATION"]],
    ("vl-whole-slide-microscopy-image", "frame-of-reference"): [
        "eq",
        "00080008",
        ["VOLUME", "THUMBNAIL"],
        3,
    ],
}


def _rebracketed(expression: Expression, text: str) -> Expression:
    """Read "A or B, and C" as "(A or B) and C"."""
    last = expression[-1]
    if (
        expression[0] != "or"
        or last[0] != "and"
        or not re.search(r"\bor\b.*, and\b", text)
    ):
        return expression
    return ["and", ["or", *expression[1:-1], last[1]], *last[2:]]


def _flat(expression: Expression) -> Expression:
    """Expression without parts of its own kind and without repeated parts."""
    operator, *parts = expression
    flat: list[Expression] = []
    for part in parts:
        for inner in part[1:] if part[0] == operator != "not" else [part]:
            if inner not in flat:
                flat.append(inner)
    return [operator, *flat]


def _mended(expression: Expression) -> Expression | None:
    """Mend the tests of an expression; None if one cannot be mended."""
    operator = expression[0]
    if operator in {"and", "or", "not"}:
        parts = [_mended(part) for part in expression[1:]]
        return None if None in parts else _flat([operator, *parts])
    if (
        operator in {"eq", "ne"}
        and expression[1].lstrip("/") not in _TAGS_OF_ATTRIBUTES
    ):
        if any(_TAG.fullmatch(str(value)) for value in expression[2]):
            return None  # the tag of another attribute, taken for a value
        if operator == "ne" and expression[1] == _ORGANIZATION_TYPE:
            return ["or", ["absent", _ORGANIZATION_TYPE], expression]
    return expression


def corrected(condition: dict[str, Any]) -> dict[str, Any]:
    """Condition whose expressions may be enforced."""
    result = dict(condition)
    for part in ("required", "allowed", "forbidden"):
        expression = condition.get(part)
        if not isinstance(expression, list):
            continue
        sound = _mended(_rebracketed(expression, condition.get("text", "")))
        if sound is None:
            del result[part]
        else:
            result[part] = sound
    return result


def _with_requirement(row: Row, expression: Expression | None) -> Row:
    """Row that has this expression in place of its condition."""
    result = {
        key: value for key, value in row.items() if key not in {"cond", "required"}
    }
    if expression is not None:
        result["required"] = expression
    result["allowed"] = True
    return result


def corrected_row(owner: str, row: Row) -> Row:
    """Row of a module or macro whose own expression may be enforced.

    An expression that stands on the row was not read from the sentence: it says when
    the attribute has to be there, but not that it must not be there otherwise.
    """
    if "include" in row:
        gate = _INCLUDED_IF.get((owner, row["include"]))
        return row if gate is None else {**row, "required": gate}
    if (owner, row["kw"]) in _REPLACED and row["type"].endswith("C"):
        return _with_requirement(row, _REPLACED[owner, row["kw"]])
    if "required" in row:
        expression = _mended(row["required"])
        result = {key: value for key, value in row.items() if key != "required"}
        return (
            result
            | {"allowed": True}
            | ({"required": expression} if expression is not None else {})
        )
    return row


def corrected_use(iod: str, use: Row) -> Row:
    """Use of a module or functional group whose condition may be enforced."""
    expression = _REQUIRED_IF.get((iod, use.get("module") or use["macro"]))
    if expression is None:
        return use
    return _with_requirement(use, expression)
