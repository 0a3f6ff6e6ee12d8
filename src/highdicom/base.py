"""SOP classes: what all composite instances share, and how they are read."""

import datetime
import warnings
from collections.abc import Sequence as AnySequence
from copy import copy as shallow_copy, deepcopy
from importlib import import_module
from importlib.metadata import entry_points
from os import PathLike
from typing import Any, BinaryIO, ClassVar

from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import correct_ambiguous_vr_element, write_file_meta_info
from pydicom.tag import BaseTag
from pydicom.uid import UID, ExplicitVRBigEndian, ImplicitVRLittleEndian
from pydicom.valuerep import PersonName

# The names of these packages are imported when they are used.
from highdicom import encoding, io, standard
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.encoding.elements import (
    initialise,
    put,
    put_sequence,
    tag_of,
)
from highdicom.encoding.tree import encode_items
from highdicom.enum import (
    ContentQualificationValues,
    PatientSexValues,
    SpecificCharacterSetValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    HighdicomWarning,
    InvalidArgumentError,
    MissingAttributeError,
    WrongSOPClassError,
)
from highdicom.modules.content_time import ContentTime
from highdicom.modules.copying import (
    PATIENT_AND_STUDY_MODULES,
    SPECIMEN_MODULES,
    copy_modules,
)
from highdicom.modules.equipment import ContributingEquipment, GeneralEquipment
from highdicom.modules.patient import Patient
from highdicom.modules.series import GeneralSeries
from highdicom.modules.sop_common import SOPCommon
from highdicom.modules.study import GeneralStudy
from highdicom.standard.names import iod_key_of
from highdicom.typing import Self, TypedDict
from highdicom.valuerep import check_person_name
from highdicom.version import __version__

__all__ = ["InstanceOptions", "SOPClass", "read"]

IMPLEMENTATION_CLASS_UID = UID("2.25.205582375828482990841894440488765789355")
IMPLEMENTATION_VERSION_NAME = f"HIGHDICOM_{__version__.split('.dev')[0]}"[:16]

# Character sets of Japanese: the name of the second one is given to Korean, too, in
# the enumeration that is kept for compatibility.
_KANJI = "ISO 2022 IR 87"
_KANJI_SUPPLEMENT = "ISO 2022 IR 159"

_WITH_CHARACTER_SET = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))

_PER_FRAME_GROUPS = tag_of("PerFrameFunctionalGroupsSequence")

# Which class reads which SOP class. A row names the class, so that it is imported when
# it is needed; packages outside add theirs by the entry point "highdicom.sop_classes".
_CLASSES: dict[str, str] = {
    "1.2.840.10008.5.1.4.1.1.2.2": "highdicom.legacy.sop:LegacyConvertedEnhancedCTImage",
    "1.2.840.10008.5.1.4.1.1.4.4": "highdicom.legacy.sop:LegacyConvertedEnhancedMRImage",
    "1.2.840.10008.5.1.4.1.1.128.1": (
        "highdicom.legacy.sop:LegacyConvertedEnhancedPETImage"
    ),
    "1.2.840.10008.5.1.4.1.1.7": "highdicom.sc.sop:SCImage",
    "1.2.840.10008.5.1.4.1.1.7.1": "highdicom.sc.multi_frame:MultiFrameSCImage",
    "1.2.840.10008.5.1.4.1.1.7.2": "highdicom.sc.multi_frame:MultiFrameSCImage",
    "1.2.840.10008.5.1.4.1.1.7.3": "highdicom.sc.multi_frame:MultiFrameSCImage",
    "1.2.840.10008.5.1.4.1.1.7.4": "highdicom.sc.multi_frame:MultiFrameSCImage",
    "1.2.840.10008.5.1.4.1.1.30": "highdicom.pm.sop:ParametricMap",
    "1.2.840.10008.5.1.4.1.1.11.1": (
        "highdicom.pr.sop:GrayscaleSoftcopyPresentationState"
    ),
    "1.2.840.10008.5.1.4.1.1.11.2": "highdicom.pr.sop:ColorSoftcopyPresentationState",
    "1.2.840.10008.5.1.4.1.1.11.3": (
        "highdicom.pr.sop:PseudoColorSoftcopyPresentationState"
    ),
    "1.2.840.10008.5.1.4.1.1.11.8": (
        "highdicom.pr.sop:AdvancedBlendingPresentationState"
    ),
    "1.2.840.10008.5.1.4.1.1.66.4": "highdicom.seg.sop:Segmentation",
    "1.2.840.10008.5.1.4.1.1.66.7": "highdicom.seg.sop:Segmentation",
    "1.2.840.10008.5.1.4.1.1.88.22": "highdicom.sr.sop:EnhancedSR",
    "1.2.840.10008.5.1.4.1.1.88.33": "highdicom.sr.sop:ComprehensiveSR",
    "1.2.840.10008.5.1.4.1.1.88.34": "highdicom.sr.sop:Comprehensive3DSR",
    "1.2.840.10008.5.1.4.1.1.88.59": "highdicom.ko.sop:KeyObjectSelectionDocument",
    "1.2.840.10008.5.1.4.1.1.91.1": "highdicom.ann.sop:MicroscopyBulkSimpleAnnotations",
    # Reports of other classes are read and checked, if not written.
    **dict.fromkeys(
        (f"1.2.840.10008.5.1.4.1.1.88.{n}" for n in (11, 40, 50, 65, 67, 68, 71)),
        "highdicom.sr.content_document:ContentDocument",
    ),
}
_IMAGE = "highdicom.image.image:Image"

_registered: dict[str, "type[SOPClass]"] = {}


class InstanceOptions(TypedDict, total=False):
    """Attributes that any instance may have, as keywords of all constructors."""

    content_qualification: str | ContentQualificationValues | None
    """Whether the instance is for clinical use (PS3.3 C.8.13.2.1)."""
    coding_schemes: AnySequence[CodingSchemeIdentificationItem] | None
    """What private designators of coding schemes stand for."""
    series_description: str | None
    """Description of the series, at most 64 characters."""
    institution_name: str | None
    """Institution where the equipment stands."""
    institutional_department_name: str | None
    """Department where the equipment stands."""
    content_date: str | datetime.date | None
    """Date on which the content was made; today if not given."""
    content_time: str | datetime.time | None
    """Time at which the content was made; now if not given."""
    series_date: str | datetime.date | None
    """Date on which the series was begun."""
    series_time: str | datetime.time | None
    """Time at which the series was begun."""
    specific_character_set: (
        SpecificCharacterSetValues
        | str
        | AnySequence[str | SpecificCharacterSetValues]
        | None
    )
    """Character set of all text (PS3.3 C.12.1.1.2)."""


class SOPClass(Dataset):
    """A composite instance: a dataset that is a whole object of its SOP class.

    Parameters
    ----------
    study_instance_uid, series_instance_uid, sop_instance_uid
        Identifiers of the study, the series and the instance itself.
    series_number, instance_number
        Positive numbers of the series in the study and the instance in the series.
    sop_class_uid
        SOP class, one that the standard or a registered class knows.
    modality
        Modality of the series.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        The equipment that makes the instance.
    transfer_syntax_uid
        Encoding in a file; Implicit VR Little Endian if not given.
    patient_name, referring_physician_name
        Names in the form of PS3.5 6.2.1, components separated by "^".
    content_date, content_time
        When the content was made; now, if not given.
    specific_character_set
        Character set of all text (PS3.3 C.12.1.1.2). If it is not given and text
        given here or taken from another dataset needs one, it is UTF-8.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom import SOPClass, UID
    >>> instance = SOPClass(
    ...     study_instance_uid=UID(),
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     sop_class_uid="1.2.840.10008.5.1.4.1.1.66",
    ...     instance_number=1,
    ...     modality="OT",
    ... )
    >>> instance.transfer_syntax_uid.name
    'Implicit VR Little Endian'

    """

    sop_class_uids: ClassVar[frozenset[str]] = frozenset()
    """SOP classes that this class stands for; subclasses set it and are registered."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for sop_class_uid in vars(cls).get("sop_class_uids", ()):
            _registered[sop_class_uid] = cls

    def __init__(
        self,
        study_instance_uid: str,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        sop_class_uid: str,
        instance_number: int,
        modality: str,
        manufacturer: str | None = None,
        transfer_syntax_uid: str | None = None,
        patient_id: str | None = None,
        patient_name: str | PersonName | None = None,
        patient_birth_date: str | None = None,
        patient_sex: str | PatientSexValues | None = None,
        accession_number: str | None = None,
        study_id: str | None = None,
        study_date: str | datetime.date | None = None,
        study_time: str | datetime.time | None = None,
        referring_physician_name: str | PersonName | None = None,
        content_qualification: str | ContentQualificationValues | None = None,
        coding_schemes: AnySequence[CodingSchemeIdentificationItem] | None = None,
        series_description: str | None = None,
        manufacturer_model_name: str | None = None,
        software_versions: str | tuple[str, ...] | None = None,
        device_serial_number: str | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_date: str | datetime.date | None = None,
        content_time: str | datetime.time | None = None,
        series_date: str | datetime.date | None = None,
        series_time: str | datetime.time | None = None,
        specific_character_set: SpecificCharacterSetValues
        | str
        | AnySequence[str | SpecificCharacterSetValues]
        | None = None,
    ) -> None:
        initialise(self, {})
        self._check_sop_class(sop_class_uid)
        for argument, number in (
            ("series_number", series_number),
            ("instance_number", instance_number),
        ):
            if number is None:
                raise ArgumentTypeError(f"'{argument}' is required.")
        _check_accompanied("series", series_date, series_time)
        _check_accompanied("content", content_date, content_time)
        for name in (patient_name, referring_physician_name):
            if name is not None:
                check_person_name(name)
        if specific_character_set is not None:
            self._put_character_set(specific_character_set)
        # An empty sex is what a source has that does not know it.
        Patient(
            patient_id, patient_name, patient_birth_date, patient_sex or None
        ).insert_into(self)
        GeneralStudy(
            study_instance_uid,
            accession_number,
            study_id,
            study_date,
            study_time,
            referring_physician_name,
        ).insert_into(self)
        GeneralSeries(
            series_instance_uid,
            series_number,
            modality,
            series_description,
            series_date,
            series_time,
        ).insert_into(self)
        GeneralEquipment(
            manufacturer,
            manufacturer_model_name,
            software_versions,
            device_serial_number,
            institution_name,
            institutional_department_name,
        ).insert_into(self)
        now = datetime.datetime.now()  # noqa: DTZ005 (DICOM times are local)
        SOPCommon(
            sop_class_uid,
            sop_instance_uid,
            instance_number,
            now.date(),
            now.time(),
            content_qualification,
            coding_schemes,
        ).insert_into(self)
        ContentTime(content_date or now.date(), content_time or now.time()).insert_into(
            self
        )
        self._check_dates()
        if "SpecificCharacterSet" not in self and not _is_ascii(self):
            self._put_character_set(SpecificCharacterSetValues.UNICODE_IN_UTF8)
        self._put_file_meta(transfer_syntax_uid or ImplicitVRLittleEndian)

    @classmethod
    def _check_sop_class(cls, sop_class_uid: str) -> None:
        if sop_class_uid in _registered or iod_key_of(sop_class_uid) is not None:
            return
        raise InvalidArgumentError(
            "'sop_class_uid' must be a composite storage SOP class that the standard "
            f"or a registered class knows, not {sop_class_uid!r}."
        )

    def _put_character_set(
        self,
        given: SpecificCharacterSetValues
        | str
        | AnySequence[str | SpecificCharacterSetValues],
    ) -> None:
        several = (
            [given] if isinstance(given, (str, SpecificCharacterSetValues)) else given
        )
        try:
            values = [SpecificCharacterSetValues(value).value for value in several]
        except ValueError as error:
            raise InvalidArgumentError(
                "'specific_character_set' must be of defined terms of PS3.3 "
                f"C.12.1.1.2, not {given!r}."
            ) from error
        if _KANJI_SUPPLEMENT in values and _KANJI not in values:
            warnings.warn(
                f"'specific_character_set' has {_KANJI_SUPPLEMENT}, supplementary "
                f"characters of Japanese, without {_KANJI}; Korean is ISO 2022 IR 149.",
                HighdicomWarning,
                stacklevel=3,
            )
        put(self, "SpecificCharacterSet", values)

    def _check_dates(self) -> None:
        """A series begins before its content is made."""
        begun, made = (
            _moment(self.get(f"{what}Date"), self.get(f"{what}Time"))
            for what in ("Series", "Content")
        )
        if begun[0] and begun > made:
            what = "date" if begun[0] > made[0] else "time"
            raise InvalidArgumentError(
                f"'series_{what}' must not be later than 'content_{what}': "
                f"{' '.join(begun)} is later than {' '.join(made)}."
            )

    def _put_file_meta(self, transfer_syntax_uid: str) -> None:
        uid = UID(transfer_syntax_uid)
        if not uid.is_transfer_syntax:
            raise InvalidArgumentError(
                f"'transfer_syntax_uid' must be a transfer syntax, not {uid!r}."
            )
        if uid == ExplicitVRBigEndian:
            raise InvalidArgumentError(
                "'transfer_syntax_uid' must not be Explicit VR Big Endian, which is "
                "retired (PS3.5 A.3)."
            )
        meta = FileMetaDataset()
        meta.FileMetaInformationVersion = b"\x00\x01"
        meta.MediaStorageSOPClassUID = self.SOPClassUID
        meta.MediaStorageSOPInstanceUID = self.SOPInstanceUID
        meta.TransferSyntaxUID = uid
        meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
        meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
        # Writing counts the length; a file needs it (PS3.10 7.1).
        meta.FileMetaInformationGroupLength = 0
        write_file_meta_info(DicomBytesIO(), meta, enforce_standard=False)
        self.file_meta = meta
        self.preamble = b"\x00" * 128
        self._mark_encoding()

    def _mark_encoding(self) -> None:
        """Tell pydicom that raw elements are in the encoding of the file to be."""
        self.set_original_encoding(
            self.transfer_syntax_uid == ImplicitVRLittleEndian,
            True,
            self._character_set,
        )

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax of the instance."""
        return UID(self.file_meta.TransferSyntaxUID)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset an instance of this class, with all that is nested in it.

        Parameters
        ----------
        dataset
            Dataset of a SOP class that this class stands for.
        copy
            Whether a deep copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        WrongSOPClassError
            If it is of another SOP class.

        """
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'dataset' must be a Dataset, not {type(dataset).__name__}."
            )
        cls._check_dataset(dataset)
        instance = deepcopy(dataset) if copy else dataset
        instance.__class__ = cls
        instance._adopt()  # noqa: SLF001
        return instance  # type: ignore[return-value]

    @classmethod
    def _check_dataset(cls, dataset: Dataset) -> None:
        """Refuse a dataset that cannot be an instance of this class."""
        if "SOPClassUID" not in dataset:
            raise MissingAttributeError(
                f"{cls.__name__} needs a dataset with SOPClassUID.",
                keyword="SOPClassUID",
            )
        if cls.sop_class_uids and dataset.SOPClassUID not in cls.sop_class_uids:
            raise WrongSOPClassError(
                f"The dataset is a {UID(dataset.SOPClassUID).name}, which "
                f"{cls.__name__} does not stand for.",
                keyword="SOPClassUID",
                sop_instance_uid=dataset.get("SOPInstanceUID"),
            )

    def _adopt(self) -> None:
        """Give nested items their classes; for subclasses to extend."""

    @classmethod
    def from_reader(cls, reader: "io.FrameReader") -> Self:
        """Make an instance of what a reader reads.

        Parameters
        ----------
        reader
            Reader of the dataset and, for images, of frames, which stay with it.

        """
        return cls.from_dataset(reader.read_dataset(), copy=False)

    def copy_patient_and_study_information(self, dataset: Dataset) -> None:
        """Take over what another dataset says of patient and study.

        These are the modules Patient, Clinical Trial Subject, General Study, Patient
        Study and Clinical Trial Study (PS3.3 C.7.1 and C.7.2).

        Parameters
        ----------
        dataset
            Dataset to copy from; it stays as it is.

        """
        self._copy(dataset, PATIENT_AND_STUDY_MODULES)

    def copy_specimen_information(self, dataset: Dataset) -> None:
        """Take over the Specimen module of another dataset (PS3.3 C.7.6.22).

        Parameters
        ----------
        dataset
            Dataset to copy from; it stays as it is.

        """
        self._copy(dataset, SPECIMEN_MODULES)

    def _copy(self, dataset: Dataset, modules: tuple[str, ...]) -> None:
        copy_modules(dataset, self, modules)
        if "SpecificCharacterSet" in dataset and "SpecificCharacterSet" not in self:
            # UTF-8 holds whatever the source could hold.
            self._put_character_set(SpecificCharacterSetValues.UNICODE_IN_UTF8)
            self._mark_encoding()

    def _put_contributing_equipment(
        self,
        contributing_equipment: AnySequence[ContributingEquipment] | None,
        source: Dataset | None,
    ) -> None:
        """Say who had a part in the instance: acquisition, others, this software."""
        equipment: list[ContributingEquipment] = []
        for item in contributing_equipment or ():
            if not isinstance(item, ContributingEquipment):
                raise ArgumentTypeError(
                    "'contributing_equipment' must be a sequence of "
                    f"ContributingEquipment, not of {type(item).__name__}."
                )
            equipment.append(deepcopy(item))
        if source is not None and source.get("Manufacturer"):
            equipment.insert(0, ContributingEquipment.for_image_acquisition(source))
        equipment.append(ContributingEquipment.for_highdicom())
        put_sequence(self, "ContributingEquipmentSequence", equipment)

    def to_json_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the DICOM JSON Model (PS3.18 Annex F), as pydicom does.

        Dates and times of new instances are text in it, too, which pydicom leaves as
        objects that no JSON can hold.
        """
        document: dict[str, Any] = super().to_json_dict(*args, **kwargs)
        _tell_times(document)
        return document

    def validate(self) -> "list[standard.Violation]":
        """List what in the instance violates the standard.

        The whole instance is checked along the tables of its IOD (PS3.3 Annex A):
        presence, number and values of attributes. Conditions that cannot be evaluated
        from the instance alone are not checked.

        Returns
        -------
        list[Violation]
            Empty if nothing was found.

        """
        violations: list[standard.Violation] = standard.validate(self)
        return violations

    def __getitem__(self, key: Any) -> Any:
        """Return an element; per-frame functional groups are decoded item by item."""
        if key == _PER_FRAME_GROUPS:
            element = self._dict.get(_PER_FRAME_GROUPS)
            if isinstance(element, RawDataElement) and element.is_little_endian:
                self._dict[_PER_FRAME_GROUPS] = self._lazy(element)
        return super().__getitem__(key)

    def _lazy(self, element: RawDataElement) -> DataElement:
        # Not self.get: that would come back here.
        representation = self._dict.get(tag_of("PixelRepresentation"))
        sequence = encoding.lazy_sequence(
            element,
            list(convert_encodings(self.original_character_set or "")),
            pixel_representation=(
                None if representation is None else self.PixelRepresentation
            ),
        )
        return DataElement(
            element.tag,
            "SQ",
            sequence,
            element.value_tell,
            sequence.is_undefined_length,
            already_converted=True,
        )

    def get_item(self, key: Any, *, keep_deferred: bool = False) -> Any:
        """Return an element as it stands, as pydicom writes it.

        Sequences that were decoded in part are given as bytes, and ambiguous value
        representations are resolved, which pydicom leaves out for raw elements.
        """
        element = super().get_item(key, keep_deferred=keep_deferred)
        if not isinstance(element, DataElement):
            return element
        if isinstance(element.value, encoding.LazySequence):
            return self._encoded(element)
        if " or " in element.VR:
            return correct_ambiguous_vr_element(shallow_copy(element), self, True)
        return element

    def _encoded(self, element: DataElement) -> RawDataElement:
        implicit = bool(self.original_encoding[0])
        value = encode_items(
            element.value, implicit=implicit, character_set=self._character_set
        )
        return RawDataElement(
            BaseTag(element.tag),
            None if implicit else "SQ",
            len(value),
            value,
            0,
            implicit,
            True,
        )


def _check_accompanied(what: str, date: object, time: object) -> None:
    if time and not date:
        raise ConflictingArgumentsError(
            f"'{what}_time' must not be given without '{what}_date'."
        )


def _moment(date: object, time: object) -> tuple[str, str]:
    """Date and time in a form that compares; a time that is unknown is the earliest."""
    return (
        "" if not date else f"{date:%Y%m%d}",
        "" if not time else f"{time:%H%M%S.%f}",
    )


def _is_ascii(dataset: Dataset) -> bool:
    return all(
        str(element.value).isascii()
        for element in dataset
        if element.VR in _WITH_CHARACTER_SET
    )


def _tell_times(document: dict[str, Any]) -> None:
    """Put text in the place of dates and times, in items too."""
    for element in document.values():
        values = element.get("Value", ())
        if element["vr"] == "SQ":
            for item in values:
                _tell_times(item)
        elif element["vr"] in {"DA", "DT", "TM"} and values:
            element["Value"] = [v if v is None else str(v) for v in values]


def _class_of(dataset: Dataset) -> type[SOPClass]:
    """Class that stands for the SOP class of a dataset."""
    sop_class_uid = str(dataset.get("SOPClassUID", ""))
    if sop_class_uid in _registered:
        return _registered[sop_class_uid]
    for entry_point in entry_points(group="highdicom.sop_classes"):
        if entry_point.name == sop_class_uid:
            found: type[SOPClass] = entry_point.load()
            return found
    has_pixels = "Rows" in dataset and "BitsAllocated" in dataset
    path = _CLASSES.get(sop_class_uid, _IMAGE if has_pixels else "")
    if not path:
        return SOPClass
    module, _, name = path.partition(":")
    listed: type[SOPClass] = getattr(import_module(module), name)
    return listed


def read(
    fp: str | bytes | PathLike[str] | BinaryIO, lazy_frame_retrieval: bool = False
) -> SOPClass:
    """Read a DICOM file (PS3.10 7) as an instance of the class for its SOP class.

    Parameters
    ----------
    fp
        Path, URL, content of a file, or file object.
    lazy_frame_retrieval
        Whether frames of an image are read when they are asked for, not at once.

    Returns
    -------
    SOPClass
        A `Segmentation`, `Comprehensive3DSR` or other class of this package, an
        `Image` for any image without a class of its own, else a plain `SOPClass`.

    Raises
    ------
    SourceError
        If there is nothing to read.
    NonconformantDatasetError
        If it is no DICOM file.
    MissingAttributeError
        If the file does not say which SOP class it is an instance of.

    Examples
    --------
    >>> from highdicom import read
    >>> from pydicom.data import get_testdata_file
    >>> type(read(get_testdata_file("test-SR.dcm"))).__name__
    'ComprehensiveSR'

    """
    source = io.open_source(fp)
    if lazy_frame_retrieval:
        reader = io.FileFrameReader(source)
        found = _class_of(reader.peek_dataset())
        # A class that knows no frames could not tell where its pixel data are.
        if found is not SOPClass:
            return found.from_reader(reader)
    try:
        dataset = io.read_dataset(source)
    finally:
        if not isinstance(fp, io.ByteSource):
            source.close()
    return _class_of(dataset).from_dataset(dataset, copy=False)
