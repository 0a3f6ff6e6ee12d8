"""What the presentation states have in common (PS3.3 A.33)."""

from collections.abc import Sequence as AnySequence
from io import BytesIO
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import PersonName

from highdicom.attributes import Module, SequenceItem
from highdicom.attributes.specifiers import adopt_item
from highdicom.base import SOPClass
from highdicom.base_content import ContributingEquipment
from highdicom.coding import CodedConcept
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.encoding.elements import put
from highdicom.errors import (
    HighdicomError,
    InvalidArgumentError,
    NonconformantDatasetError,
    UnsupportedTransferSyntaxError,
)
from highdicom.modules.content_identification import ContentIdentification
from highdicom.pr.attributes import attribute_of
from highdicom.pr.content.graphics import GraphicAnnotation
from highdicom.pr.content.layers import GraphicGroup, GraphicLayer
from highdicom.pr.drawing import draw
from highdicom.pr.modules import (
    DisplayedAreaSelection,
    PresentationStateIdentification,
    displayed_area_module,
    graphics_modules,
)
from highdicom.pr.overlays import active_overlays
from highdicom.pr.selection import check_is_referenced, items_for
from highdicom.pr.shown import ShownImage
from highdicom.pr.shutters import covered, shutter_color
from highdicom.pr.viewport import Viewport
from highdicom.pr.voi import SoftcopyVOILUTTransformation
from highdicom.spatial.kind import is_tiled_image
from highdicom.standard import Severity
from highdicom.valuerep import check_person_name

__all__ = [
    "PresentationState",
    "check_samples",
    "check_same_size",
    "only",
]

_TRANSFER_SYNTAXES = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    DeflatedExplicitVRLittleEndian,
)

# What comes of attributes that are missing, or have other values than they may.
_SIGNS_OF_DAMAGE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class PresentationState(SOPClass):
    """A presentation state of any kind."""

    item_classes: ClassVar[dict[str, type[SequenceItem | Module]]] = {
        "DisplayedAreaSelectionSequence": DisplayedAreaSelection,
        "GraphicAnnotationSequence": GraphicAnnotation,
        "GraphicLayerSequence": GraphicLayer,
        "GraphicGroupSequence": GraphicGroup,
        "SoftcopyVOILUTSequence": SoftcopyVOILUTTransformation,
    }
    """Classes of the items of sequences."""

    def _initialise_state(  # noqa: PLR0913
        self,
        referenced_images: list[Dataset],
        *,
        transfer_syntax_uid: str | UID,
        content_label: str,
        content_description: str | None,
        concept_name: Code | CodedConcept | None,
        content_creator_name: str | PersonName | None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence | None,
        graphic_annotations: AnySequence[GraphicAnnotation] | None,
        graphic_layers: AnySequence[GraphicLayer] | None,
        graphic_groups: AnySequence[GraphicGroup] | None,
        contributing_equipment: AnySequence[ContributingEquipment] | None,
        **options: Any,
    ) -> None:
        """Put in place what presentation states have in common.

        Parameters
        ----------
        referenced_images
            Images, checked. Patient and study are taken from the first.
        **options
            Parameters of `SOPClass`. The others are those of the constructors.

        """
        _check_transfer_syntax(transfer_syntax_uid)
        (sop_class_uid,) = self.sop_class_uids
        first = referenced_images[0]
        super().__init__(
            study_instance_uid=first.StudyInstanceUID,
            sop_class_uid=sop_class_uid,
            modality="PR",
            transfer_syntax_uid=transfer_syntax_uid,
            **options,
        )
        if content_creator_name is not None:
            check_person_name(content_creator_name)
        self.copy_patient_and_study_information(first)
        if len(_values(referenced_images, "ContainerIdentifier")) == 1:
            self.copy_specimen_information(first)
        self._put_contributing_equipment(contributing_equipment, None)
        self._put_body_part(referenced_images)
        modules: list[Module] = [
            PresentationStateIdentification(
                self.ContentDate, self.ContentTime, concept_name
            ),
            ContentIdentification(
                options["instance_number"],
                content_label,
                content_description,
                content_creator_name,
                content_creator_identification,
            ),
            displayed_area_module(referenced_images),
            *graphics_modules(
                referenced_images, graphic_annotations, graphic_layers, graphic_groups
            ),
        ]
        for module in modules:
            module.insert_into(self)
        # Presentation states say the same in attributes of their own (C.11.10).
        del self.ContentDate, self.ContentTime

    def _put_body_part(self, images: AnySequence[Dataset]) -> None:
        """Take over what part of the body the images show, if they agree on it.

        The side has no other place in a presentation state (PS3.3 C.7.3.1).
        """
        for keyword in ("BodyPartExamined", "Laterality"):
            values = _values(images, keyword)
            if len(values) == 1 and values != {None}:
                put(self, keyword, values.pop())
        sides = _values(images, "ImageLaterality")
        if "Laterality" not in self and sides in ({"L"}, {"R"}):
            put(self, "Laterality", sides.pop())

    def _adopt(self) -> None:
        super()._adopt()
        for keyword, item_class in self.item_classes.items():
            for item in self.get(keyword) or []:
                adopt_item(item, item_class)

    @property
    def content_label(self) -> str:
        """Name of the presentation state, as it is shown to users."""
        return str(self.ContentLabel)

    @property
    def graphic_annotations(self) -> list[GraphicAnnotation]:
        """What is drawn over the images."""
        return list(self.get("GraphicAnnotationSequence") or [])

    @property
    def graphic_layers(self) -> list[GraphicLayer]:
        """Layers that it is drawn in."""
        return list(self.get("GraphicLayerSequence") or [])

    @property
    def graphic_groups(self) -> list[GraphicGroup]:
        """Groups of what belongs together."""
        return list(self.get("GraphicGroupSequence") or [])

    @property
    def displayed_areas(self) -> list[DisplayedAreaSelection]:
        """Parts of the images that are shown."""
        return list(self.get("DisplayedAreaSelectionSequence") or [])

    # --- what it looks like ----------------------------------------------------------

    def apply(
        self,
        image: Dataset | AnySequence[Dataset],
        frame_number: int | None = None,
        *,
        size: tuple[int, int] | None = None,
    ) -> npt.NDArray[np.uint8]:
        """Render an image as the presentation state would have it (PS3.4 N.2).

        Parameters
        ----------
        image
            Image that the presentation state is for. Of a blending presentation state,
            one image for each input, which are of one plane.
        frame_number
            One-based number of the frame. If it is not given, the first frame is shown
            or, of a tiled image, the total pixel matrix.
        size
            Columns and rows to fit the displayed area into, unless the presentation
            state says how much it is to be magnified. If it is not given, a pixel of
            the image is one of the result along the side in which it is shorter.

        Returns
        -------
        numpy.ndarray
            Shape ``(rows, columns)`` if all is gray, else ``(rows, columns, 3)``.

        Raises
        ------
        InvalidArgumentError
            If the presentation state is not for the image.
        FrameNumberError
            If there is no such frame.
        IncompatibleTransformError
            If something is asked for that is not rendered: registration of inputs of
            blending, or annotations and masks of tiles where the whole matrix is shown.
        InvalidAttributeError, MissingAttributeError, NonconformantDatasetError
            If attributes of the presentation state make no sense.

        """
        images = [image] if isinstance(image, Dataset) else list(image)
        shown = [ShownImage.of(one, frame_number) for one in images]
        if not shown:
            raise InvalidArgumentError("'image' must not be empty.")
        for one in shown:
            check_is_referenced(self, one.image)
        try:
            return self._on_screen(self._render(shown), self._displayed(shown), size)
        except HighdicomError as error:
            # An attribute that could not be read stands somewhere in the state.
            if not isinstance(error.__cause__, _SIGNS_OF_DAMAGE):
                raise
            raise self._as_damage(error) from error
        except _SIGNS_OF_DAMAGE as error:
            raise self._as_damage(error) from error

    def to_png(
        self,
        image: Dataset | AnySequence[Dataset],
        frame_number: int | None = None,
        *,
        size: tuple[int, int] | None = None,
    ) -> bytes:
        """Render an image as :meth:`apply` does, as the content of a PNG file."""
        pixels = self.apply(image, frame_number, size=size)
        buffer = BytesIO()
        PillowImage.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue()

    def _as_damage(self, error: Exception) -> NonconformantDatasetError:
        """Say what is wrong with the presentation state, as far as it can be told."""
        found = [v for v in self.validate() if v.severity is Severity.ERROR]
        if not found:
            return NonconformantDatasetError(
                f"The presentation state cannot be shown with this image: {error}."
            )
        return NonconformantDatasetError(
            "The presentation state cannot be shown, since it violates the standard: "
            f"{found[0].path}: {found[0].message}",
            violations=found,
            path=found[0].path,
            keyword=found[0].keyword,
        )

    def _render(self, shown: list[ShownImage]) -> npt.NDArray[np.uint8]:
        """Pixels of the image, before they come to the screen."""
        raise NotImplementedError

    def _displayed(self, shown: list[ShownImage]) -> ShownImage:
        """The image in whose geometry all is shown."""
        return shown[0]

    def _on_screen(
        self,
        pixels: npt.NDArray[np.uint8],
        shown: ShownImage,
        size: tuple[int, int] | None,
    ) -> npt.NDArray[np.uint8]:
        """Cover, cut, turn, scale and draw, in the order of PS3.4 N.2."""
        rows, columns = pixels.shape[:2]
        shutter = covered(self, (rows, columns))
        if shutter is not None:
            pixels = _painted(pixels, shutter, shutter_color(self))
        areas = items_for(self.displayed_areas, shown.image, shown.frame_number)
        areas = [area for area in areas if shown.is_meant_by(area)]
        viewport = Viewport.of(areas[0] if areas else None, self, (columns, rows), size)
        overlays = active_overlays(
            self, shown.image, shown.frame_number or 1, (rows, columns)
        )
        return draw(
            viewport.show(pixels),
            items_for(self.graphic_annotations, shown.image, shown.frame_number),
            list(overlays),
            self.graphic_layers,
            viewport,
            shown.units,
        )


def _painted(
    pixels: npt.NDArray[np.uint8],
    mask: npt.NDArray[np.bool_],
    color: tuple[int, int, int],
) -> npt.NDArray[np.uint8]:
    """Pixels with those of a mask in a colour, in colour if it is needed."""
    if pixels.ndim == 2 and len(set(color)) > 1:
        pixels = np.repeat(pixels[..., np.newaxis], 3, axis=-1)
    painted: npt.NDArray[np.uint8] = pixels.copy()
    painted[mask] = color if pixels.ndim == 3 else color[0]
    return painted


def _values(images: AnySequence[Dataset], keyword: str) -> set[Any]:
    """Distinct values of an attribute; None stands for absent and empty ones."""
    return {attribute_of(image, keyword) or None for image in images}


def _check_transfer_syntax(transfer_syntax_uid: str | UID) -> None:
    if transfer_syntax_uid not in _TRANSFER_SYNTAXES:
        raise UnsupportedTransferSyntaxError(
            "'transfer_syntax_uid' must be Implicit, Explicit or Deflated Explicit VR "
            f"Little Endian, not {UID(transfer_syntax_uid).name}."
        )


def only(shown: list[ShownImage]) -> ShownImage:
    """Give the image that is shown.

    Raises
    ------
    InvalidArgumentError
        If there are several, which only blending can show.

    """
    if len(shown) > 1:
        raise InvalidArgumentError(
            f"'image' must be one image, not {len(shown)}, since nothing is blended."
        )
    return shown[0]


def check_same_size(images: AnySequence[Dataset]) -> None:
    """Refuse images of several sizes, of which one displayed area would be wrong.

    Raises
    ------
    InvalidArgumentError
        If they differ in their numbers of rows or columns and are not tiled.

    """
    sizes = {
        (attribute_of(image, "Rows"), attribute_of(image, "Columns"))
        for image in images
        if not is_tiled_image(image)
    }
    if len(sizes) > 1:
        raise InvalidArgumentError(
            "'referenced_images' must have the same numbers of rows and columns, not "
            f"{sorted(sizes)}."
        )


def check_samples(images: AnySequence[Dataset], samples: int, kind: str) -> None:
    """Refuse images in colour, or all others.

    Raises
    ------
    InvalidArgumentError
        If one has another number of samples a pixel.

    """
    for number, image in enumerate(images):
        if attribute_of(image, "SamplesPerPixel") != samples:
            raise InvalidArgumentError(
                f"'referenced_images'[{number}] must have {samples} "
                f"{'samples' if samples > 1 else 'sample'} per pixel for a {kind} "
                f"presentation state, not {image.SamplesPerPixel}."
            )
