"""Coded concepts: the Code Sequence macro (PS3.3 8.8)."""

from copy import deepcopy
from functools import lru_cache
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.tag import BaseTag

from highdicom.encoding.elements import (
    data_element,
    dataset_of_elements,
    initialise,
    raw_element,
    tag_of,
    vr_of,
)
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.typing import Self

__all__ = ["CodedConcept"]

_VALUE_KEYWORDS = ("CodeValue", "LongCodeValue", "URNCodeValue")
_VALUE_TAGS = tuple(map(tag_of, _VALUE_KEYWORDS))


class CodedConcept(Dataset):
    """A concept, said by a code of a coding scheme (PS3.3 8.8).

    Concepts are equal if they mean the same: the meaning as text does not count, and
    codes of the old scheme "SRT" equal those of "SCT" that replace them.

    Parameters
    ----------
    value
        The code; it is stored as Code Value, Long Code Value or URN Code Value,
        whichever suits it.
    scheme_designator
        Designator of the coding scheme (PS3.16 8).
    meaning
        Text of at most 64 characters for humans to read.
    scheme_version
        Version of the coding scheme, where the designator does not suffice.

    Raises
    ------
    InvalidArgumentError
        If a text is empty, too long or has characters that are not allowed.
    ArgumentTypeError
        If one is no text.

    Examples
    --------
    >>> from highdicom.coding import CodedConcept
    >>> from pydicom.sr.codedict import codes
    >>> CodedConcept("10200004", "SCT", "Liver") == codes.SCT.Liver
    True

    """

    def __init__(
        self,
        value: str,
        scheme_designator: str,
        meaning: str,
        scheme_version: str | None = None,
    ) -> None:
        initialise(
            self, dict(_elements(value, scheme_designator, meaning, scheme_version))
        )

    @classmethod
    def from_code(cls, code: "Code | CodedConcept") -> Self:
        """Make a concept of a pydicom code; one that is a concept already is kept.

        Raises
        ------
        ArgumentTypeError
            If it is neither.

        """
        if isinstance(code, cls):
            return code
        if isinstance(code, Code):
            return dataset_of_elements(cls, dict(_elements(*code)))
        raise ArgumentTypeError(
            f"A code must be a pydicom Code or a CodedConcept, not {type(code).__name__}."
        )

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset that holds a code a concept.

        Parameters
        ----------
        dataset
            Item of a code sequence.
        copy
            Whether a copy is made. If not, the dataset itself becomes the concept.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        MissingAttributeError
            If an attribute is missing, or there is not exactly one code value.

        """
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'dataset' must be a Dataset, not {type(dataset).__name__}."
            )
        stored = dataset._dict  # noqa: SLF001 (ten times faster; this is the hot path)
        if sum(tag in stored for tag in _VALUE_TAGS) != 1:
            raise MissingAttributeError(
                f"A code needs exactly one of {', '.join(_VALUE_KEYWORDS)}.",
                keyword="CodeValue",
            )
        for keyword in ("CodeMeaning", "CodingSchemeDesignator"):
            if tag_of(keyword) not in stored and not _is_urn(dataset, keyword):
                raise MissingAttributeError(
                    f"A code needs {keyword} (PS3.3 8.8).", keyword=keyword
                )
        concept = deepcopy(dataset) if copy else dataset
        concept.__class__ = cls
        return concept  # type: ignore[return-value]

    @property
    def value(self) -> str:
        """The code.

        Raises
        ------
        MissingAttributeError
            If it has been taken away.

        """
        for tag in _VALUE_TAGS:
            if tag in self._dict:
                return str(self[tag].value)
        raise MissingAttributeError(
            f"A code needs exactly one of {', '.join(_VALUE_KEYWORDS)}.",
            keyword="CodeValue",
        )

    @property
    def scheme_designator(self) -> str:
        """Designator of the coding scheme; empty for a URN without one."""
        return str(self.get("CodingSchemeDesignator") or "")

    @property
    def meaning(self) -> str:
        """Text for humans."""
        return str(self.CodeMeaning)

    @property
    def scheme_version(self) -> str | None:
        """Version of the coding scheme."""
        version = self.get("CodingSchemeVersion")
        return str(version) if version else None

    @property
    def code(self) -> Code:
        """The same as a pydicom code."""
        return Code(
            self.value, self.scheme_designator, self.meaning, self.scheme_version
        )

    def __eq__(self, other: object) -> bool:
        """Whether the other means the same; it may be a pydicom code or a dataset."""
        if isinstance(other, CodedConcept):
            return bool(self.code == other.code)
        if isinstance(other, Code):
            return bool(self.code == other)
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        """Whether the other means something else."""
        return not self == other

    def __hash__(self) -> int:
        """Equal for equal concepts."""
        return hash(self.code)


def _is_urn(dataset: Dataset, keyword: str) -> bool:
    """A URN says its scheme itself (PS3.3 Table 8.8-1)."""
    return keyword == "CodingSchemeDesignator" and "URNCodeValue" in dataset


def _value_keyword(value: str) -> str:
    if value.startswith("urn") or "://" in value:
        return "URNCodeValue"
    return "CodeValue" if len(value) <= 16 else "LongCodeValue"


@lru_cache(maxsize=4096)
def _elements(
    value: str, scheme_designator: str, meaning: str, scheme_version: str | None
) -> tuple[tuple[BaseTag, Any], ...]:
    """Elements of a code, made once and shared by all datasets that say it."""
    texts = {
        _value_keyword(_checked("value", value, None)): value,
        "CodingSchemeDesignator": _checked("scheme_designator", scheme_designator, 16),
        "CodeMeaning": _checked("meaning", meaning, 64),
    }
    if scheme_version is not None:
        texts["CodingSchemeVersion"] = _checked("scheme_version", scheme_version, 16)
    return tuple(
        (tag_of(keyword), _shared(keyword, text)) for keyword, text in texts.items()
    )


def _shared(keyword: str, text: str) -> Any:
    if text.isascii():
        return raw_element(tag_of(keyword), vr_of(keyword), text.encode("ascii"))
    return data_element(keyword, text)


def _checked(name: str, text: str, longest: int | None) -> str:
    if not isinstance(text, str):
        raise ArgumentTypeError(
            f"'{name}' of a code must be a string, not {type(text).__name__}."
        )
    if not text or (longest is not None and len(text) > longest) or "\\" in text:
        length = "" if longest is None else f" of at most {longest} characters"
        raise InvalidArgumentError(
            f"'{name}' of a code must be a text{length} without backslash, not {text!r}."
        )
    return text
