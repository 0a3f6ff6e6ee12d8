"""Annotation groups and their measurements (PS3.3 C.37.1.2)."""

from collections.abc import Sequence
from operator import is_
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.sequence import Sequence as DataElementSequence
from pydicom.sr.coding import Code

from highdicom.ann.coordinates import RaggedCoordinates, check_shapes
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
)
from highdicom.ann.geopandas import data_frame
from highdicom.ann.measurements import Measurements
from highdicom.ann.point_data import (
    POINT_DATA,
    PointData,
    put_points,
    read_points,
    unpacked,
)
from highdicom.ann.shapely import geometries_of
from highdicom.arguments import member_of
from highdicom.attributes import Attribute, SequenceItem
from highdicom.attributes.specifiers import (
    Coded,
    CodedList,
    Enumerated,
    Integer,
    Items,
    OptionalIntegers,
    OptionalText,
    OptionalTexts,
    Text,
    Uid,
    between,
    coded,
    coded_list,
    enumerated,
    integer,
    integers,
    items,
    text,
    texts,
    uid as unique_identifier,
)
from highdicom.coding import CodedConcept
from highdicom.color import CIELabColor
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.encoding.elements import put
from highdicom.errors import (
    AnnotationIndexError,
    AnnotationNumberError,
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)

__all__ = ["AnnotationGroup", "Measurements"]

_MODULE = "microscopy-bulk-simple-annotations"


def _adopt_algorithms(
    _: Attribute[Any, Any], stored: DataElementSequence
) -> DataElementSequence:
    """Adopt any number of algorithms; what is read of a sequence is of its first."""
    if isinstance(stored, AlgorithmIdentificationSequence):
        return stored
    for item in stored:
        AlgorithmIdentificationSequence.declaration.adopt(
            item, AlgorithmIdentificationSequence.__name__
        )
    adopted = AlgorithmIdentificationSequence.__new__(AlgorithmIdentificationSequence)
    adopted.__dict__.update(stored.__dict__)
    return adopted


def _checked_algorithm(attribute: Attribute[Any, Any], value: Any) -> Any:
    if not isinstance(value, AlgorithmIdentificationSequence):
        attribute.refuse_type(value, AlgorithmIdentificationSequence.__name__)
    return value


class AnnotationGroup(
    SequenceItem, defined_in=_MODULE, path=("AnnotationGroupSequence",)
):
    """Annotations that have their graphic type and their meaning in common.

    The points of all annotations are kept as one array, from which those of single
    annotations are cut when they are asked for (PS3.3 C.37.1.2).

    Parameters
    ----------
    number
        One-based number of the group; groups of an instance are numbered from 1
        without gaps.
    uid
        Unique identifier of the group.
    label
        Name of the group, at most 64 characters.
    annotated_property_category, annotated_property_type
        What is annotated, e.g. an anatomical structure, and a nucleus.
    graphic_type
        What the annotations are.
    graphic_data
        Points of each annotation, in its order an array of shape (number of points, 2)
        for pixels (column, row) of an image, or (number of points, 3) for (x, y, z) in
        millimetres in the slide coordinate system. All points at once are given as
        :class:`RaggedCoordinates` or, if all annotations have the same number of
        points, as an array of shape (n, number of points, 2 or 3). Values of 32 bits
        are stored as such, those of 64 bits in 64; integers in 32 if these hold them.
    algorithm_type
        How the annotations were made.
    algorithm_identification
        Which algorithm made them; required unless they were made by hand, and not
        written if they were (Type 1C).
    measurements
        Measurements of the annotations.
    description
        Text on the group.
    anatomic_regions, primary_anatomic_structures
        Where the annotations lie.
    display_color
        Recommended colour.
    optical_path_identifiers
        Optical paths that the annotations are of; all, if not given.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If the algorithm is missing.
    InvalidArgumentError
        If a value is not allowed. Where points are, the message names the group and
        the annotation: too few or too many points for the graphic type, coordinates
        that are not finite, a polygon that repeats its first point at its end.
    AnnotationIndexError
        If there is a measurement of an annotation that does not exist.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.ann import AnnotationGroup, RaggedCoordinates
    >>> from pydicom.sr.codedict import codes
    >>> points = np.array([[1, 1], [4, 1], [4, 3], [8, 8], [9, 8], [9, 9], [8, 9]])
    >>> group = AnnotationGroup(
    ...     1,
    ...     UID(),
    ...     "nuclei",
    ...     codes.SCT.AnatomicalStructure,
    ...     codes.SCT.Nucleus,
    ...     "POLYGON",
    ...     RaggedCoordinates(points, [0, 3, 7]),
    ...     "MANUAL",
    ... )
    >>> group.get_coordinates(2, "2D").tolist()
    [[8.0, 8.0], [9.0, 8.0], [9.0, 9.0], [8.0, 9.0]]

    """

    number: Integer = integer("AnnotationGroupNumber", "1", between(1, 65535))
    uid: Uid = unique_identifier("AnnotationGroupUID", "1")
    label: Text = text("AnnotationGroupLabel", "1")
    annotated_property_category: Coded = coded(
        "AnnotationPropertyCategoryCodeSequence", "1"
    )
    annotated_property_type: Coded = coded("AnnotationPropertyTypeCodeSequence", "1")
    algorithm_type: Enumerated[AnnotationGroupGenerationTypeValues] = enumerated(
        "AnnotationGroupGenerationType", "1", AnnotationGroupGenerationTypeValues
    )
    graphic_type: Enumerated[GraphicTypeValues] = enumerated(
        "GraphicType", "1", GraphicTypeValues
    )
    number_of_annotations: Integer = integer("NumberOfAnnotations", "1")
    description: OptionalText = text("AnnotationGroupDescription", "3", default=None)
    algorithm_identification: Attribute[
        AlgorithmIdentificationSequence | None, AlgorithmIdentificationSequence | None
    ] = Attribute(
        "AnnotationGroupAlgorithmIdentificationSequence",
        "1C",
        write=_checked_algorithm,
        adopt=_adopt_algorithms,
        default=None,
    )
    anatomic_regions: CodedList = coded_list(
        "AnatomicRegionSequence", "3", cid=4, default=None
    )
    primary_anatomic_structures: CodedList = coded_list(
        "PrimaryAnatomicStructureSequence", "3", default=None
    )
    measurements: Items[Measurements] = items(
        "MeasurementsSequence", "3", Measurements, default=None, empty=list
    )
    recommended_display_cielab_value: OptionalIntegers = integers(
        "RecommendedDisplayCIELabValue", "3", count=3, default=None
    )
    _optical_paths: OptionalTexts = texts(
        "ReferencedOpticalPathIdentifier", "1C", default=None
    )

    # What the coordinates refer to, if that is known: an item does not say it itself.
    _coordinate_type: AnnotationCoordinateTypeValues | None = None
    _decoded: tuple[tuple[Any, ...], Any, PointData] | None = None
    _with_z: tuple[PointData, RaggedCoordinates] | None = None

    def __init__(
        self,
        number: int,
        uid: str,
        label: str,
        annotated_property_category: Code | CodedConcept,
        annotated_property_type: Code | CodedConcept,
        graphic_type: str | GraphicTypeValues,
        graphic_data: Sequence[npt.NDArray[Any]] | npt.NDArray[Any],
        algorithm_type: str | AnnotationGroupGenerationTypeValues,
        algorithm_identification: AlgorithmIdentificationSequence | None = None,
        measurements: Sequence[Measurements] | None = None,
        description: str | None = None,
        anatomic_regions: Sequence[Code | CodedConcept] | None = None,
        primary_anatomic_structures: Sequence[Code | CodedConcept] | None = None,
        display_color: CIELabColor | None = None,
        optical_path_identifiers: Sequence[str] | None = None,
    ) -> None:
        self.initialise()
        self.number = number
        self.uid = uid
        self.label = label
        self.annotated_property_category = annotated_property_category
        self.annotated_property_type = annotated_property_type
        self.graphic_type = graphic_type
        self.algorithm_type = algorithm_type
        self._put_algorithm(algorithm_identification)
        self._put_graphic_data(graphic_data)
        if measurements is not None:
            self._put_measurements(measurements)
        self.description = description
        self.anatomic_regions = anatomic_regions
        self.primary_anatomic_structures = primary_anatomic_structures
        self.display_color = display_color
        self.optical_path_identifiers = optical_path_identifiers

    def _put_algorithm(self, algorithm: AlgorithmIdentificationSequence | None) -> None:
        kind = self.algorithm_type
        is_manual = kind is AnnotationGroupGenerationTypeValues.MANUAL
        if algorithm is None and not is_manual:
            raise ConflictingArgumentsError(
                "'algorithm_identification' is required if 'algorithm_type' is "
                f"{kind.value}."
            )
        self.algorithm_identification = algorithm
        if is_manual:
            self.algorithm_identification = None

    def _put_graphic_data(self, graphic_data: Any) -> None:
        try:
            shapes = RaggedCoordinates.from_arrays(graphic_data)
        except (ArgumentTypeError, InvalidArgumentError) as error:
            raise type(error)(f"In {self.title}: {error}") from error
        check_shapes(shapes, self.graphic_type, self.title)
        put_points(self, shapes, self.graphic_type, self.title)
        self.number_of_annotations = len(shapes)
        is_spatial = shapes.coordinates.shape[1] == 3
        self._refers_to(AnnotationCoordinateTypeValues("3D" if is_spatial else "2D"))

    def _put_measurements(self, measurements: Sequence[Measurements]) -> None:
        self.measurements = measurements
        for index, kind in enumerate(self.measurements):
            given = kind.number_of_values
            if given not in {None, self.number_of_annotations}:
                raise AnnotationIndexError(
                    f"'measurements'[{index}] of {self.title} must have a value for "
                    f"each of its {self.number_of_annotations} annotations, not "
                    f"{given} values."
                )
            kind.get_values(self.number_of_annotations)

    def _refers_to(self, coordinate_type: AnnotationCoordinateTypeValues) -> None:
        self.__dict__["_coordinate_type"] = coordinate_type

    @property
    def title(self) -> str:
        """Number and label of the group, as messages name it."""
        return f"annotation group {self.number} ('{self.label}')"

    @property
    def display_color(self) -> CIELabColor | None:
        """Recommended colour."""
        value = self.recommended_display_cielab_value
        return None if value is None else CIELabColor.from_dicom_value(value)

    @display_color.setter
    def display_color(self, color: CIELabColor | None) -> None:
        if color is not None and not isinstance(color, CIELabColor):
            raise ArgumentTypeError(
                f"'display_color' must be a CIELabColor, not {type(color).__name__}."
            )
        self.recommended_display_cielab_value = (
            None if color is None else list(color.value)
        )

    @property
    def optical_path_identifiers(self) -> list[str] | None:
        """Optical paths that the annotations are of; None if of all."""
        return self._optical_paths

    @optical_path_identifiers.setter
    def optical_path_identifiers(self, identifiers: Sequence[str] | None) -> None:
        self._optical_paths = identifiers
        applies_to_all = "YES" if identifiers is None else "NO"
        put(self, "AnnotationAppliesToAllOpticalPaths", applies_to_all)

    @property
    def common_z_coordinates(self) -> list[float]:
        """Z coordinates of the planes that all annotations lie in, in millimetres.

        Empty if their points have z coordinates of their own, or none at all.
        """
        value = self.get("CommonZCoordinateValue")
        several = hasattr(value, "__iter__")
        return (
            [] if value is None else [float(z) for z in (value if several else [value])]
        )

    def get_ragged_coordinates(
        self,
        coordinate_type: str | AnnotationCoordinateTypeValues,
        plane: int | None = None,
    ) -> RaggedCoordinates:
        """Points of all annotations as one array, with offsets.

        Parameters
        ----------
        coordinate_type
            Coordinate type of the instance that the group is in.
        plane
            Zero-based index among `common_z_coordinates`, for annotations that lie in
            several planes.

        Returns
        -------
        RaggedCoordinates
            Points of shape (p, 2) for 2D, (p, 3) for 3D, in the type they are stored
            in, float32 or float64. They share the memory of the group where they can
            and cannot be written to.

        Raises
        ------
        InvalidArgumentError
            If the coordinates are of another type, or lie in several planes.
        InvalidAttributeError
            If coordinates are missing or too many.
        AnnotationIndexError
            If the list of indices is wrong; the message names the annotation.

        """
        data = self._point_data(coordinate_type)
        if not data.common_z:
            return data.shapes
        if plane is not None:
            return unpacked(data, plane, self.title)
        with_z = self._with_z
        if with_z is None or with_z[0] is not data:
            with_z = (data, unpacked(data, None, self.title))
            self.__dict__["_with_z"] = with_z
        return with_z[1]

    def get_stored_coordinates(
        self, coordinate_type: str | AnnotationCoordinateTypeValues
    ) -> RaggedCoordinates:
        """Points of all annotations as they are stored.

        Parameters
        ----------
        coordinate_type
            Coordinate type of the instance that the group is in.

        Returns
        -------
        RaggedCoordinates
            As of `get_ragged_coordinates`, but of shape (p, 2) if the annotations have
            common z coordinates.

        """
        return self._point_data(coordinate_type).shapes

    def get_graphic_data(
        self, coordinate_type: str | AnnotationCoordinateTypeValues
    ) -> list[npt.NDArray[Any]]:
        """Points of each annotation.

        Parameters
        ----------
        coordinate_type
            Coordinate type of the instance that the group is in.

        Returns
        -------
        list of numpy.ndarray
            An array of shape (number of points, 2) for 2D, (number of points, 3) for
            3D, for each annotation: views of one array, which cannot be written to.
            The errors are those of `get_ragged_coordinates`, which gives all in one.

        """
        return self.get_ragged_coordinates(coordinate_type).to_list()

    def get_coordinates(
        self,
        annotation_number: int,
        coordinate_type: str | AnnotationCoordinateTypeValues,
    ) -> npt.NDArray[Any]:
        """Points of one annotation.

        Parameters
        ----------
        annotation_number
            One-based number of the annotation.
        coordinate_type
            Coordinate type of the instance that the group is in.

        Returns
        -------
        numpy.ndarray
            Shape (number of points, 2) for 2D, (number of points, 3) for 3D. Errors are
            those of `get_ragged_coordinates` and these:

        Raises
        ------
        ArgumentTypeError
            If the number is no integer.
        AnnotationNumberError
            If there is no such annotation. It is an IndexError and a ValueError.

        """
        if isinstance(annotation_number, bool) or not isinstance(
            annotation_number, (int, np.integer)
        ):
            raise ArgumentTypeError(
                "'annotation_number' must be an integer, not "
                f"{type(annotation_number).__name__}."
            )
        shapes = self.get_ragged_coordinates(coordinate_type)
        if not 1 <= annotation_number <= len(shapes):
            raise AnnotationNumberError(
                f"'annotation_number' must be from 1 to {len(shapes)} for "
                f"{self.title}, not {annotation_number}."
            )
        return shapes[int(annotation_number) - 1]

    def get_measurements(
        self, name: Code | CodedConcept | None = None
    ) -> tuple[list[CodedConcept], npt.NDArray[np.float32], list[CodedConcept]]:
        """Measurements of all annotations.

        Parameters
        ----------
        name
            What is measured; everything, if not given.

        Returns
        -------
        tuple
            Names, values of shape (number of annotations, number of names), dtype
            float32, NaN where there is none, and units.

        Raises
        ------
        AnnotationIndexError
            If there is a measurement of an annotation that does not exist.
        InvalidAttributeError
            If the number of values is not that of the annotations.

        """
        chosen = [
            kind for kind in self.measurements if name is None or kind.name == name
        ]
        values = np.empty((self.number_of_annotations, len(chosen)), np.float32)
        for column, kind in enumerate(chosen):
            values[:, column] = kind.get_values(self.number_of_annotations)
        return [kind.name for kind in chosen], values, [kind.unit for kind in chosen]

    def to_shapely(
        self, coordinate_type: str | AnnotationCoordinateTypeValues = "2D"
    ) -> npt.NDArray[Any]:
        """Annotations as geometries of Shapely.

        Parameters
        ----------
        coordinate_type
            Coordinate type of the instance that the group is in.

        Returns
        -------
        numpy.ndarray
            Points, line strings or polygons, shape (n,), dtype object. Rectangles are
            polygons, and so are ellipses, with 96 corners that lie on them.

        Raises
        ------
        MissingDependencyError
            If Shapely is not installed. Further errors are those of
            `get_ragged_coordinates`.

        """
        shapes = self.get_ragged_coordinates(coordinate_type)
        return geometries_of(self.graphic_type, shapes.coordinates, shapes.offsets)

    def to_geopandas(
        self, coordinate_type: str | AnnotationCoordinateTypeValues = "2D"
    ) -> Any:
        """Annotations as a data frame of GeoPandas.

        Parameters
        ----------
        coordinate_type
            Coordinate type of the instance that the group is in.

        Returns
        -------
        geopandas.GeoDataFrame
            A row for each annotation, indexed by its one-based number, with its
            geometry, the label of the group, and a column for each measurement, named
            by its meaning and unit, e.g. "Area (um2)".

        Raises
        ------
        MissingDependencyError
            If GeoPandas is not installed. Further errors are those of
            `get_ragged_coordinates` and `get_measurements`.

        """
        geometries = self.to_shapely(coordinate_type)
        return data_frame(geometries, self.label, self.measurement_columns())

    def measurement_columns(self) -> dict[str, npt.NDArray[np.float32]]:
        """Values of measurements by name and unit, e.g. "Area (um2)".

        Returns
        -------
        dict
            Arrays of shape (number of annotations,), NaN where there is no value. Later
            ones of the same name and unit have a number at the end.

        """
        names, values, units = self.get_measurements()
        columns: dict[str, npt.NDArray[np.float32]] = {}
        for column, (name, unit) in enumerate(zip(names, units, strict=True)):
            title = f"{name.meaning} ({unit.value})"
            key, count = title, 1
            while key in columns:
                count += 1
                key = f"{title} {count}"
            columns[key] = values[:, column]
        return columns

    def _point_data(
        self, coordinate_type: str | AnnotationCoordinateTypeValues
    ) -> PointData:
        """Points as stored; they are decoded once, unless an element changes."""
        wanted = member_of(
            AnnotationCoordinateTypeValues, coordinate_type, "coordinate_type"
        )
        elements = self._dict
        state = tuple(
            elements[tag].value if tag in elements else None for tag in POINT_DATA
        )
        decoded = self._decoded
        if (
            decoded is not None
            and decoded[1] is wanted
            and all(map(is_, decoded[0], state))
        ):
            return decoded[2]
        self._check_coordinate_type(wanted)
        data = read_points(self, self.graphic_type, wanted, self.title)
        # Again: values may have been converted when they were read.
        state = tuple(
            elements[tag].value if tag in elements else None for tag in POINT_DATA
        )
        self.__dict__["_decoded"] = (state, wanted, data)
        return data

    def _check_coordinate_type(self, wanted: AnnotationCoordinateTypeValues) -> None:
        known = self._coordinate_type
        if known is None and self.common_z_coordinates:
            known = AnnotationCoordinateTypeValues.SCOORD3D
        if known is not None and known is not wanted:
            raise InvalidArgumentError(
                f"Coordinates of {self.title} are {known.value}, not {wanted.value} as "
                "asked for."
            )

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be decoded again."""
        decoded = {"_decoded", "_with_z"}
        return {key: value for key, value in vars(self).items() if key not in decoded}
