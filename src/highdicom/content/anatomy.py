"""What images say of the anatomy that they show (PS3.3 10.5, PS3.16 Annex L)."""

from copy import deepcopy
from functools import cache

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.coding import CodedConcept
from highdicom.encoding.elements import new_dataset, put, put_sequence

__all__ = ["frame_anatomy", "region_of", "region_of_body_part", "side_of"]

_LATERALITIES = frozenset(("R", "L", "U", "B"))
_CODE_VALUES = ("CodeValue", "LongCodeValue", "URNCodeValue")

# Terms that are not just the meaning of the code without spaces.
_TERMS = {
    "ABDOMENPELVIS": "AbdomenAndPelvis",
    "ACJOINT": "AcromioclavicularJoint",
    "ANKLE": "AnkleJoint",
    "BILEDUCT": "BileDuct",
    "CALCANEUS": "Calcaneus",
    "CHESTABDOMEN": "ChestAndAbdomen",
    "CHESTABDPELVIS": "ChestAbdomenAndPelvis",
    "CSPINE": "CervicalSpine",
    "CTSPINE": "CervicoThoracicSpine",
    "ELBOW": "ElbowJoint",
    "FACIALBONES": "FacialBones",
    "HEADNECK": "HeadAndNeck",
    "IAC": "InternalAuditoryCanal",
    "JAW": "JawRegion",
    "LEG": "LowerLimb",
    "ARM": "UpperLimb",
    "LSPINE": "LumbarSpine",
    "LSSPINE": "LumboSacralSpine",
    "MASTOID": "MastoidBone",
    "NECKCHEST": "NeckAndChest",
    "NECKCHESTABDOMEN": "NeckChestAndAbdomen",
    "NECKCHESTABDPELV": "NeckChestAbdomenAndPelvis",
    "ORBIT": "OrbitalStructure",
    "PAROTID": "ParotidGland",
    "PELVISLOWEXTREMT": "PelvisAndLowerExtremities",
    "SCJOINT": "SternoclavicularJoint",
    "SELLA": "SellaTurcica",
    "SIJOINT": "SacroiliacJoint",
    "SINUS": "ParanasalSinus",
    "SSPINE": "Sacrum",
    "TLSPINE": "ThoracoLumbarSpine",
    "TMJ": "TemporomandibularJoint",
    "TSPINE": "ThoracicSpine",
    "WHOLEBODY": "EntireBody",
    "WRIST": "WristJoint",
    "ZYGOMA": "Zygoma",
}


@cache
def _codes_by_term() -> dict[str, CodedConcept]:
    # CID 4 has the regions that the other context groups of regions are part of.
    groups = (codes.cid4, codes.cid4031)
    by_term = {
        keyword.upper(): getattr(group, keyword)
        for group in groups
        for keyword in group.dir()
    }
    by_term |= {term: by_term[keyword.upper()] for term, keyword in _TERMS.items()}
    return {
        term: CodedConcept.from_code(code)
        for term, code in by_term.items()
        if code.scheme_designator == "SCT"
    }


def region_of_body_part(body_part: str) -> CodedConcept | None:
    """Give the anatomic region that Body Part Examined names.

    Parameters
    ----------
    body_part
        Defined term of PS3.16 Annex L, such as ``"CSPINE"``, in any case and with or
        without spaces.

    Returns
    -------
    CodedConcept | None
        None if the term is none of these.

    Examples
    --------
    >>> from highdicom.content.anatomy import region_of_body_part
    >>> region_of_body_part("CSPINE").meaning
    'Cervical spine'

    """
    term = "".join(body_part.split()).upper()
    return _codes_by_term().get(term)


def region_of(image: Dataset) -> Dataset | None:
    """Give the code of the anatomic region that an image names, or that of its body part.

    Returns
    -------
    Dataset | None
        An item of the image itself if it has one; None if there is no region.

    """
    regions = image.get("AnatomicRegionSequence") or []
    if len(regions) == 1 and any(regions[0].get(kw) for kw in _CODE_VALUES):
        item: Dataset = regions[0]
        return item
    return region_of_body_part(str(image.get("BodyPartExamined") or ""))


def side_of(image: Dataset) -> str:
    """Give the Frame Laterality of an image: that of a part without sides if unknown."""
    given = (image.get("ImageLaterality"), image.get("Laterality"))
    return next((str(side) for side in given if side in _LATERALITIES), "U")


def frame_anatomy(region: Dataset, side: str) -> Dataset:
    """Make the item of a Frame Anatomy Sequence (PS3.3 C.7.6.16.2.8)."""
    item = new_dataset(Dataset)
    put_sequence(item, "AnatomicRegionSequence", [deepcopy(region)])
    put(item, "FrameLaterality", side)
    return item
