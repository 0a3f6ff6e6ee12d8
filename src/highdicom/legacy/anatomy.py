"""Anatomic regions of the defined terms for body parts (PS3.16 Annex L)."""

from functools import cache

from pydicom.sr.codedict import codes

from highdicom.coding import CodedConcept

__all__ = ["region_of_body_part"]

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
    >>> from highdicom.legacy.anatomy import region_of_body_part
    >>> region_of_body_part("CSPINE").meaning
    'Cervical spine'

    """
    term = "".join(body_part.split()).upper()
    return _codes_by_term().get(term)
