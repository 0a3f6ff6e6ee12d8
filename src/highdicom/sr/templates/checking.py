"""Check documents against the templates that they say they follow."""

from pydicom.dataset import Dataset

from highdicom.errors import ArgumentTypeError
from highdicom.sr.engine.checking import check_root
from highdicom.sr.engine.table import TemplateTable
from highdicom.sr.tables.roots import ROOT_TEMPLATES
from highdicom.standard import Violation

__all__ = ["template_of", "template_violations"]


def template_of(root: Dataset) -> TemplateTable | None:
    """Table of the template that a document says it follows, if it is known here.

    Parameters
    ----------
    root
        Document, or root of its content tree.

    """
    templates = root.get("ContentTemplateSequence")
    if not templates or templates[0].get("MappingResource", "DCMR") != "DCMR":
        return None
    return ROOT_TEMPLATES.get(str(templates[0].get("TemplateIdentifier")))


def template_violations(
    root: Dataset, table: TemplateTable | None = None
) -> list[Violation]:
    """Check a document against its template (PS3.16).

    Parameters
    ----------
    root
        Document, or root of its content tree.
    table
        The template; that which the document says it follows unless given.

    Returns
    -------
    list[Violation]
        What does not follow the template; nothing if the template is not known.

    Raises
    ------
    ArgumentTypeError
        If it is not a dataset.

    Examples
    --------
    >>> from highdicom.content_items import ContainerContentItem
    >>> from highdicom.sr.templates.checking import template_violations
    >>> from pydicom.sr.codedict import codes
    >>> root = ContainerContentItem(
    ...     codes.DCM.ImagingMeasurementReport, template_id="1500"
    ... )
    >>> for violation in template_violations(root):
    ...     print(violation.message)
    'Imaging Measurements' is required if rows 10 and 12 are absent (TID 1500 row 6).

    """
    if not isinstance(root, Dataset):
        raise ArgumentTypeError(f"'root' must be a Dataset, not {type(root).__name__}.")
    table = table or template_of(root)
    return [] if table is None else check_root(root, table)
