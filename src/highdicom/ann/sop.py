"""Microscopy Bulk Simple Annotations (PS3.3 C.37.1)."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, BinaryIO

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom.ann.content import AnnotationGroup
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
    PixelOriginInterpretationValues,
)
from highdicom.ann.extent import check_extent, extent_of_image, extent_of_slide
from highdicom.ann.geojson import feature_collection
from highdicom.ann.modules import (
    BulkAnnotations,
    put_instance_references,
    reference_of,
)
from highdicom.ann.writing import pieces_of_file, write_pieces
from highdicom.arguments import member_of
from highdicom.base import SOPClass
from highdicom.base_content import ContributingEquipment
from highdicom.coding import CodedConcept
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    UnsupportedTransferSyntaxError,
)
from highdicom.io.byte_source import ByteSource
from highdicom.io.header import read_dataset
from highdicom.io.sources import open_source
from highdicom.modules.content_identification import ContentIdentification
from highdicom.modules.equipment import EnhancedGeneralEquipment
from highdicom.modules.frame_of_reference import FrameOfReference
from highdicom.typing import Self
from highdicom.valuerep import check_person_name

__all__ = ["MicroscopyBulkSimpleAnnotations", "annread"]

_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.91.1"
_TRANSFER_SYNTAXES = (ImplicitVRLittleEndian, ExplicitVRLittleEndian)
_IN_3D = AnnotationCoordinateTypeValues.SCOORD3D
_IN_FRAME = PixelOriginInterpretationValues.FRAME


class MicroscopyBulkSimpleAnnotations(SOPClass):
    """Annotations of slides, up to millions of them (PS3.3 C.37.1).

    Parameters
    ----------
    source_images
        The image that is annotated. For 3D coordinates there may be several that share
        a frame of reference, such as the levels of a pyramid.
    annotation_coordinate_type
        2D for pixels of the image, 3D for millimetres in the slide coordinate system.
    annotation_groups
        Groups of annotations, numbered from 1 in their order.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the instance.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What makes the annotations.
    content_description
        Description of the annotations, at most 64 characters.
    content_creator_name, content_creator_identification
        Who made them.
    transfer_syntax_uid
        Implicit or Explicit VR Little Endian.
    pixel_origin_interpretation
        For 2D: whether coordinates are those of the total pixel matrix (VOLUME) or of
        one frame (FRAME).
    content_label
        Label, at most 16 upper case letters, digits, spaces and underscores.
    contributing_equipment
        Further equipment that had a part in the annotations.
    referenced_frame_number
        One-based number of the frame that the coordinates are those of; for FRAME.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If a frame number is missing, or given where it has no meaning.
    InvalidArgumentError
        If there is no source image, or several where one is annotated; if groups are
        missing, not numbered from 1, not of the coordinate type, or lie beyond the
        slide: the message names the group and the annotation.
    MissingAttributeError
        If the image lacks what is needed of it.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.ann import AnnotationGroup, MicroscopyBulkSimpleAnnotations
    >>> from highdicom.testing import slide
    >>> from pydicom.sr.codedict import codes
    >>> annotations = MicroscopyBulkSimpleAnnotations(
    ...     source_images=[slide()],
    ...     annotation_coordinate_type="2D",
    ...     annotation_groups=[
    ...         AnnotationGroup(
    ...             1,
    ...             UID(),
    ...             "nuclei",
    ...             codes.SCT.AnatomicalStructure,
    ...             codes.SCT.Nucleus,
    ...             "POINT",
    ...             np.array([[[3.5, 8.0]], [[10.25, 40.0]]]),
    ...             "MANUAL",
    ...         )
    ...     ],
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Maker",
    ...     manufacturer_model_name="Annotator",
    ...     software_versions="1.0",
    ...     device_serial_number="1",
    ... )
    >>> annotations.validate()
    []

    :func:`annread` reads them again, from a path, an URL, a file object or bytes.

    >>> import io
    >>> from highdicom.ann import annread
    >>> annotations.save_as(file := io.BytesIO())
    >>> annread(file.getvalue()).get_annotation_group(1).number_of_annotations
    2

    """

    sop_class_uids = frozenset((_SOP_CLASS_UID,))

    def __init__(
        self,
        source_images: Sequence[Dataset],
        annotation_coordinate_type: str | AnnotationCoordinateTypeValues,
        annotation_groups: Sequence[AnnotationGroup],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        content_description: str | None = None,
        content_creator_name: str | PersonName | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        pixel_origin_interpretation: str
        | PixelOriginInterpretationValues = PixelOriginInterpretationValues.VOLUME,
        content_label: str | None = None,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        content_creator_identification: (
            ContentCreatorIdentificationCodeSequence | None
        ) = None,
        referenced_frame_number: int | None = None,
        **kwargs: Any,
    ) -> None:
        kind = member_of(
            AnnotationCoordinateTypeValues,
            annotation_coordinate_type,
            "annotation_coordinate_type",
        )
        origin = member_of(
            PixelOriginInterpretationValues,
            pixel_origin_interpretation,
            "pixel_origin_interpretation",
        )
        _check_source_images(source_images, kind)
        first = source_images[0]
        frame_number = _checked_frame_number(
            referenced_frame_number, first, None if kind is _IN_3D else origin
        )
        if transfer_syntax_uid not in _TRANSFER_SYNTAXES:
            raise UnsupportedTransferSyntaxError(
                "'transfer_syntax_uid' must be Implicit or Explicit VR Little Endian, "
                f"not {UID(transfer_syntax_uid).name}."
            )
        equipment = EnhancedGeneralEquipment(
            manufacturer,
            manufacturer_model_name,
            device_serial_number,
            software_versions,
        )
        if content_creator_name is not None:
            check_person_name(content_creator_name)
        super().__init__(
            study_instance_uid=first.StudyInstanceUID,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_SOP_CLASS_UID,
            instance_number=instance_number,
            modality="ANN",
            transfer_syntax_uid=transfer_syntax_uid,
            **{"specific_character_set": "ISO_IR 192", **kwargs},
        )
        equipment.insert_into(self)
        self.copy_patient_and_study_information(first)
        self.copy_specimen_information(first)
        self._put_contributing_equipment(contributing_equipment, first)
        put_instance_references(self, source_images)
        ContentIdentification(
            self.InstanceNumber,
            f"{first.get('Modality') or 'SM'}_ANN"
            if content_label is None
            else content_label,
            content_description,
            content_creator_name,
            content_creator_identification,
        ).insert_into(self)
        if kind is _IN_3D:
            FrameOfReference(
                first.FrameOfReferenceUID,
                first.get("PositionReferenceIndicator") or None,
            ).insert_into(self)
        _check_groups(annotation_groups)
        BulkAnnotations(
            kind,
            annotation_groups,
            None if kind is _IN_3D else origin,
            [reference_of(first, frame_number)],
        ).insert_into(self)
        extent = extent_of_slide() if kind is _IN_3D else extent_of_image(first, origin)
        for group in annotation_groups:
            check_extent(group, kind, extent)
            _check_optical_paths(group, source_images)

    def _adopt(self) -> None:
        super()._adopt()
        BulkAnnotations.declaration.adopt(self, type(self).__name__)
        kind = self.annotation_coordinate_type
        for group in self.annotation_groups:
            group._refers_to(kind)  # noqa: SLF001 (the instance says it for its items)

    def save_as(
        self, filename: Any, /, *args: Any, overwrite: bool = True, **options: Any
    ) -> None:
        """Write the instance to a file.

        Parameters
        ----------
        filename
            Path of the file, or a file object.
        *args, **options
            As of :meth:`pydicom.dataset.Dataset.save_as`.
        overwrite
            Whether a file that exists is replaced.

        Raises
        ------
        FileExistsError
            If the file exists and must not be replaced.

        """
        is_usual = not args and set(options) <= {"enforce_file_format"}
        is_target = isinstance(filename, (str, PathLike)) or hasattr(filename, "write")
        pieces = pieces_of_file(self, **options) if is_usual and is_target else None
        if pieces is None:
            super().save_as(filename, *args, overwrite=overwrite, **options)
        else:
            write_pieces(pieces, filename, overwrite=overwrite)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset an instance of this class, with all that is nested in it.

        Parameters
        ----------
        dataset
            Microscopy Bulk Simple Annotations.
        copy
            Whether a deep copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        WrongSOPClassError
            If it is of another SOP class.
        MissingAttributeError
            If an attribute of Type 1 is absent.

        """
        return super().from_dataset(dataset, copy)

    @property
    def annotation_coordinate_type(self) -> AnnotationCoordinateTypeValues:
        """What coordinates refer to."""
        value = self.AnnotationCoordinateType
        try:
            return AnnotationCoordinateTypeValues(value)
        except ValueError as error:
            raise InvalidAttributeError(
                f"'AnnotationCoordinateType' must be 2D or 3D, not {value!r}.",
                keyword="AnnotationCoordinateType",
            ) from error

    @property
    def pixel_origin_interpretation(self) -> PixelOriginInterpretationValues | None:
        """Whether 2D coordinates are those of a frame; None for 3D coordinates."""
        value = self.get("PixelOriginInterpretation")
        return PixelOriginInterpretationValues(value) if value else None

    @property
    def annotation_groups(self) -> list[AnnotationGroup]:
        """All groups, in the order of their numbers as written."""
        return list(self.AnnotationGroupSequence)

    def get_annotation_group(
        self, number: int | None = None, uid: str | UID | None = None
    ) -> AnnotationGroup:
        """Find a group.

        Parameters
        ----------
        number
            One-based number of the group.
        uid
            Unique identifier of the group.

        Raises
        ------
        ConflictingArgumentsError
            If neither is given.
        InvalidArgumentError
            If there is no group of that number and identifier.

        """
        if number is None and uid is None:
            raise ConflictingArgumentsError("'number' or 'uid' must be given.")
        for group in self.annotation_groups:
            if number in {None, group.number} and uid in {None, group.uid}:
                return group
        asked = {"number": number, "uid": uid}
        wanted = " and ".join(
            f"{name} {value}" for name, value in asked.items() if value is not None
        )
        raise InvalidArgumentError(f"There is no annotation group of {wanted}.")

    def get_annotation_groups(
        self,
        annotated_property_category: Code | CodedConcept | None = None,
        annotated_property_type: Code | CodedConcept | None = None,
        label: str | None = None,
        graphic_type: str | GraphicTypeValues | None = None,
        algorithm_type: str | AnnotationGroupGenerationTypeValues | None = None,
        algorithm_name: str | None = None,
        algorithm_family: Code | CodedConcept | None = None,
        algorithm_version: str | None = None,
    ) -> list[AnnotationGroup]:
        """Find the groups that have all that is asked for.

        Parameters
        ----------
        annotated_property_category, annotated_property_type, label, graphic_type
            Of the group.
        algorithm_type, algorithm_name, algorithm_family, algorithm_version
            Of the (first) algorithm that made it.

        Returns
        -------
        list of AnnotationGroup
            In the order of the instance; all, if nothing is asked for.

        Raises
        ------
        InvalidArgumentError
            If there is no such graphic type or algorithm type.

        """
        if graphic_type is not None:
            graphic_type = member_of(GraphicTypeValues, graphic_type, "graphic_type")
        if algorithm_type is not None:
            algorithm_type = member_of(
                AnnotationGroupGenerationTypeValues, algorithm_type, "algorithm_type"
            )
        asked: list[tuple[Any, Callable[[AnnotationGroup], Any]]] = [
            (annotated_property_category, lambda g: g.annotated_property_category),
            (annotated_property_type, lambda g: g.annotated_property_type),
            (label, lambda g: g.label),
            (graphic_type, lambda g: g.graphic_type),
            (algorithm_type, lambda g: g.algorithm_type),
            (algorithm_name, _of_algorithm("name")),
            (algorithm_family, _of_algorithm("family")),
            (algorithm_version, _of_algorithm("version")),
        ]
        conditions = [(value, get) for value, get in asked if value is not None]
        return [
            group
            for group in self.annotation_groups
            if all(_is_equal(get(group), value) for value, get in conditions)
        ]

    def to_geojson(
        self,
        image: Dataset | None = None,
        *,
        object_type: str = "annotation",
        decimals: int | None = 4,
    ) -> dict[str, Any]:
        """Annotations as GeoJSON, in the form that QuPath reads.

        Parameters
        ----------
        image
            Image whose total pixel matrix has the pixels of the result; needed for 3D
            coordinates. In QuPath that is the highest resolution of the slide.
        object_type
            Kind of the objects in QuPath: "annotation" or "detection".
        decimals
            Decimal places of coordinates; all, if None.

        Returns
        -------
        dict
            A feature collection, as of :func:`highdicom.ann.to_geojson`.

        """
        return feature_collection(
            self.annotation_groups,
            self.annotation_coordinate_type,
            image,
            object_type=object_type,
            decimals=decimals,
        )


def annread(
    fp: str | bytes | PathLike[str] | BinaryIO,
) -> MicroscopyBulkSimpleAnnotations:
    """Read annotations from a file (PS3.3 A.87).

    Parameters
    ----------
    fp
        Path, URL, content of a file, or file object.

    Raises
    ------
    SourceError
        If there is nothing to read.
    WrongSOPClassError
        If the file holds no annotations.

    See :class:`MicroscopyBulkSimpleAnnotations` for an example.

    """
    source = open_source(fp)
    try:
        dataset = read_dataset(source)
    finally:
        if not isinstance(fp, ByteSource):
            source.close()
    return MicroscopyBulkSimpleAnnotations.from_dataset(dataset, copy=False)


def _is_equal(found: Any, wanted: Any) -> bool:
    # Codes cannot be compared with None.
    return found is not None and bool(found == wanted)


def _of_algorithm(name: str) -> Callable[[AnnotationGroup], Any]:
    def get(group: AnnotationGroup) -> Any:
        algorithm = group.algorithm_identification
        return None if algorithm is None else getattr(algorithm, name)

    return get


_NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


def _check_source_images(
    images: Any, coordinate_type: AnnotationCoordinateTypeValues
) -> None:
    if isinstance(images, Dataset) or not isinstance(images, Sequence):
        raise ArgumentTypeError(
            "'source_images' must be a sequence of images, not "
            f"{type(images).__name__}."
        )
    if not images:
        raise InvalidArgumentError("'source_images' must not be empty.")
    needed = [*_NEEDED]
    if coordinate_type is _IN_3D:
        needed.append("FrameOfReferenceUID")
    for index, image in enumerate(images):
        if not isinstance(image, Dataset):
            raise ArgumentTypeError(
                f"'source_images'[{index}] must be a Dataset, not "
                f"{type(image).__name__}."
            )
        for keyword in needed:
            if not image.get(keyword):
                raise MissingAttributeError(
                    f"'source_images'[{index}] lacks {keyword}.",
                    keyword=keyword,
                    sop_instance_uid=image.get("SOPInstanceUID"),
                )
    if len({image.get("FrameOfReferenceUID") for image in images}) > 1:
        raise InvalidArgumentError(
            "'source_images' must share their FrameOfReferenceUID."
        )
    if coordinate_type is not _IN_3D and len(images) > 1:
        raise InvalidArgumentError(
            f"'source_images' must be one image, not {len(images)}, if "
            "'annotation_coordinate_type' is 2D: coordinates are its pixels."
        )


def _checked_frame_number(
    number: int | None,
    image: Dataset,
    origin: PixelOriginInterpretationValues | None,
) -> int | None:
    frames = int(image.get("NumberOfFrames") or 1)
    if origin is not _IN_FRAME:
        if number is not None:
            raise ConflictingArgumentsError(
                "'referenced_frame_number' must not be given unless coordinates are 2D "
                "and 'pixel_origin_interpretation' is FRAME."
            )
        return None
    if number is None:
        if frames > 1:
            raise ConflictingArgumentsError(
                "'referenced_frame_number' is required if "
                "'pixel_origin_interpretation' is FRAME: coordinates are those of one "
                f"frame of {frames} (PS3.3 C.37.1.2.1.1)."
            )
        return None
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
        raise ArgumentTypeError(
            "'referenced_frame_number' must be an integer, not "
            f"{type(number).__name__}."
        )
    if not 1 <= number <= frames:
        raise InvalidArgumentError(
            f"'referenced_frame_number' must be from 1 to {frames}, not {number}."
        )
    return int(number)


def _check_groups(groups: Any) -> None:
    if isinstance(groups, Dataset) or not isinstance(groups, Sequence):
        raise ArgumentTypeError(
            "'annotation_groups' must be a sequence of AnnotationGroup, not "
            f"{type(groups).__name__}."
        )
    uids: dict[str, int] = {}
    for number, group in enumerate(groups, 1):
        if not isinstance(group, AnnotationGroup):
            raise ArgumentTypeError(
                f"'annotation_groups'[{number - 1}] must be an AnnotationGroup, not "
                f"{type(group).__name__}."
            )
        if group.number != number:
            raise InvalidArgumentError(
                f"'annotation_groups'[{number - 1}] must be numbered {number}, not "
                f"{group.number}: groups are numbered from 1 in steps of 1 (PS3.3 "
                "C.37.1.2)."
            )
        if group.uid in uids:
            raise InvalidArgumentError(
                f"Annotation groups {uids[group.uid]} and {number} must not have the "
                f"same UID, {group.uid}."
            )
        uids[group.uid] = number


def _check_optical_paths(group: AnnotationGroup, images: Sequence[Dataset]) -> None:
    identifiers = group.optical_path_identifiers
    if identifiers is None:
        return
    known = {
        str(item.get("OpticalPathIdentifier"))
        for image in images
        for item in image.get("OpticalPathSequence") or ()
    }
    for identifier in identifiers:
        if identifier not in known:
            raise InvalidArgumentError(
                f"'optical_path_identifiers' of {group.title} must be optical paths of "
                f"the source images, {', '.join(sorted(known)) or 'which have none'}; "
                f"{identifier!r} is none."
            )
