"""Presentation states (PS3.3 A.33)."""

from collections.abc import Sequence as AnySequence
from copy import deepcopy
from os import PathLike
from typing import Any, BinaryIO, ClassVar

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom.attributes import Module, SequenceItem
from highdicom.base import read
from highdicom.base_content import ContributingEquipment
from highdicom.coding import CodedConcept
from highdicom.color import srgb_profile
from highdicom.content.creator import ContentCreatorIdentificationCodeSequence
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.transformations import (
    ModalityLUTTransformation,
    PresentationLUTTransformation,
)
from highdicom.encoding.elements import put, put_sequence
from highdicom.errors import WrongSOPClassError
from highdicom.modules.equipment import EnhancedGeneralEquipment
from highdicom.pr.blending import check_blending, shared_frame_of_reference
from highdicom.pr.content.blending import AdvancedBlending, BlendingDisplay
from highdicom.pr.content.graphics import GraphicAnnotation
from highdicom.pr.content.layers import GraphicGroup, GraphicLayer
from highdicom.pr.copying import icc_profile_of, modality_of, presentation_of, voi_of
from highdicom.pr.layering import blended_pixels, geometry_for_display
from highdicom.pr.presentation_state import (
    PresentationState,
    check_same_size,
    check_samples,
    only,
)
from highdicom.pr.profiles import check_icc_profile
from highdicom.pr.references import (
    check_images,
    put_common_instance_references,
    put_referenced_series,
)
from highdicom.pr.rendering import color_pixels, grayscale_pixels, pseudo_color_pixels
from highdicom.pr.shown import ShownImage
from highdicom.pr.transformations import (
    check_modality,
    check_palette,
    check_presentation,
    check_voi_transformations,
)
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = [
    "AdvancedBlendingPresentationState",
    "ColorSoftcopyPresentationState",
    "GrayscaleSoftcopyPresentationState",
    "PseudoColorSoftcopyPresentationState",
    "prread",
]


_SHARED = (
    "series_instance_uid",
    "series_number",
    "sop_instance_uid",
    "instance_number",
    "manufacturer",
    "manufacturer_model_name",
    "software_versions",
    "device_serial_number",
    "content_label",
    "content_description",
    "graphic_annotations",
    "graphic_layers",
    "graphic_groups",
    "concept_name",
    "institution_name",
    "institutional_department_name",
    "content_creator_name",
    "content_creator_identification",
    "transfer_syntax_uid",
    "contributing_equipment",
)


def _shared(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments that the constructors of all presentation states take.

    Parameters
    ----------
    given
        Local variables of a constructor.

    """
    return {**{name: given[name] for name in _SHARED}, **given["kwargs"]}


def _put_grayscale(
    state: PresentationState,
    images: AnySequence[Dataset],
    modality: ModalityLUTTransformation | None,
    voi_lut_transformations: AnySequence[SoftcopyVOILUTTransformation] | None,
) -> None:
    """Write the Modality LUT and Softcopy VOI LUT modules (C.11.1 and C.11.8)."""
    if modality is not None:
        modality.insert_into(state)
    transformations = (
        voi_of(images)
        if voi_lut_transformations is None
        else check_voi_transformations(voi_lut_transformations, images)
    )
    if transformations:
        put_sequence(state, "SoftcopyVOILUTSequence", transformations)


class GrayscaleSoftcopyPresentationState(PresentationState):
    """How grayscale images are to be shown (PS3.3 A.33.1).

    Modality, VOI and presentation LUT transformations are taken from the images if they
    are not given.

    Parameters
    ----------
    referenced_images
        Grayscale images of one study and size. Patient and study
        are taken from the first.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the presentation state.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        The equipment that makes the presentation state.
    content_label
        Name shown to users: at most 16 upper case letters, digits, spaces and
        underscores.
    content_description
        Text on the presentation state, at most 64 characters.
    graphic_annotations, graphic_layers, graphic_groups
        What is drawn over the images, the layers it is drawn in, and the groups it
        belongs to.
    concept_name
        What the presentation state is for, as a code.
    institution_name, institutional_department_name
        Where the equipment stands.
    content_creator_name, content_creator_identification
        Who made the presentation state.
    modality_lut_transformation
        From stored values to those of the modality, for all images.
    voi_lut_transformations
        From values of the modality to those of interest, one or more; if more, each
        for other images or frames.
    presentation_lut_transformation
        From values of interest to those presented. It overrides the Photometric
        Interpretation of the images.
    transfer_syntax_uid
        Implicit, Explicit or Deflated Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the presentation state.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If the images do not suit the kind of presentation state, a transformation has
        to be given since they differ, or something refers to what is not there.
    ArgumentTypeError
        If an argument is of the wrong type.
    MissingAttributeError
        If an image lacks an attribute.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.pr import GrayscaleSoftcopyPresentationState
    >>> from highdicom.testing import ct_series
    >>> state = GrayscaleSoftcopyPresentationState(
    ...     ct_series(),
    ...     series_instance_uid=UID(),
    ...     series_number=7,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ...     manufacturer_model_name="Model",
    ...     software_versions="1.0",
    ...     device_serial_number="17",
    ...     content_label="EXAMPLE",
    ... )
    >>> state.Modality
    'PR'

    """

    sop_class_uids = frozenset(("1.2.840.10008.5.1.4.1.1.11.1",))

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        content_label: str,
        content_description: str | None = None,
        graphic_annotations: AnySequence[GraphicAnnotation] | None = None,
        graphic_layers: AnySequence[GraphicLayer] | None = None,
        graphic_groups: AnySequence[GraphicGroup] | None = None,
        concept_name: Code | CodedConcept | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_creator_name: str | PersonName | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        modality_lut_transformation: ModalityLUTTransformation | None = None,
        voi_lut_transformations: AnySequence[SoftcopyVOILUTTransformation]
        | None = None,
        presentation_lut_transformation: PresentationLUTTransformation | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        images = check_images(referenced_images)
        check_samples(images, 1, "grayscale")
        check_same_size(images)
        modality = check_modality(modality_lut_transformation) or modality_of(images)
        presentation = check_presentation(
            presentation_lut_transformation
        ) or presentation_of(images)
        self._initialise_state(images, **_shared(locals()))
        put_referenced_series(self, images)
        _put_grayscale(self, images, modality, voi_lut_transformations)
        presentation.insert_into(self)

    def _render(self, shown: list[ShownImage]) -> npt.NDArray[np.uint8]:
        return grayscale_pixels(self, only(shown))


class PseudoColorSoftcopyPresentationState(PresentationState):
    """How grayscale images are to be shown in colours (PS3.3 A.33.3).

    Modality and VOI transformations are taken from the images if they are not given.

    Parameters
    ----------
    referenced_images
        Grayscale images of one study and size. Patient and study
        are taken from the first.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the presentation state.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        The equipment that makes the presentation state.
    palette_color_lut_transformation
        Colours of the values of interest: 16 bits, not segmented.
    content_label
        Name shown to users: at most 16 upper case letters, digits, spaces and
        underscores.
    content_description
        Text on the presentation state, at most 64 characters.
    graphic_annotations, graphic_layers, graphic_groups
        What is drawn over the images, the layers it is drawn in, and the groups it
        belongs to.
    concept_name
        What the presentation state is for, as a code.
    institution_name, institutional_department_name
        Where the equipment stands.
    content_creator_name, content_creator_identification
        Who made the presentation state.
    modality_lut_transformation
        From stored values to those of the modality, for all images.
    voi_lut_transformations
        From values of the modality to those of interest, one or more; if more, each
        for other images or frames.
    icc_profile
        ICC profile of the colours of the palette; sRGB if not given.
    transfer_syntax_uid
        Implicit, Explicit or Deflated Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the presentation state.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If the images do not suit the kind of presentation state, a transformation has
        to be given since they differ, or something refers to what is not there.
    ArgumentTypeError
        If an argument is of the wrong type.
    MissingAttributeError
        If an image lacks an attribute.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.pr import PseudoColorSoftcopyPresentationState
    >>> from highdicom.testing import ct_series
    >>> import numpy as np
    >>> from highdicom import PaletteColorLUTTransformation
    >>> ramp = np.linspace(0, 65535, 256).astype(np.uint16)
    >>> hot = np.stack([ramp, ramp // 2, ramp // 4], axis=-1)
    >>> state = PseudoColorSoftcopyPresentationState(
    ...     ct_series(),
    ...     palette_color_lut_transformation=(
    ...         PaletteColorLUTTransformation.from_combined_lut(hot)
    ...     ),
    ...     series_instance_uid=UID(),
    ...     series_number=7,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ...     manufacturer_model_name="Model",
    ...     software_versions="1.0",
    ...     device_serial_number="17",
    ...     content_label="EXAMPLE",
    ... )
    >>> state.Modality
    'PR'

    """

    sop_class_uids = frozenset(("1.2.840.10008.5.1.4.1.1.11.3",))

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        palette_color_lut_transformation: PaletteColorLUTTransformation,
        content_label: str,
        content_description: str | None = None,
        graphic_annotations: AnySequence[GraphicAnnotation] | None = None,
        graphic_layers: AnySequence[GraphicLayer] | None = None,
        graphic_groups: AnySequence[GraphicGroup] | None = None,
        concept_name: Code | CodedConcept | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_creator_name: str | PersonName | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        modality_lut_transformation: ModalityLUTTransformation | None = None,
        voi_lut_transformations: AnySequence[SoftcopyVOILUTTransformation]
        | None = None,
        icc_profile: bytes | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        images = check_images(referenced_images)
        check_samples(images, 1, "pseudo-colour")
        check_same_size(images)
        palette = check_palette(palette_color_lut_transformation, bits=16)
        modality = check_modality(modality_lut_transformation) or modality_of(images)
        profile = check_icc_profile(icc_profile or srgb_profile())
        self._initialise_state(images, **_shared(locals()))
        put_referenced_series(self, images)
        _put_grayscale(self, images, modality, voi_lut_transformations)
        palette.insert_into(self)
        put(self, "ICCProfile", profile)

    def _render(self, shown: list[ShownImage]) -> npt.NDArray[np.uint8]:
        return pseudo_color_pixels(self, only(shown))


class ColorSoftcopyPresentationState(PresentationState):
    """How images in colour are to be shown (PS3.3 A.33.2).

    Parameters
    ----------
    referenced_images
        Images in colour, of one study and size. Patient and study
        are taken from the first.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the presentation state.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        The equipment that makes the presentation state.
    content_label
        Name shown to users: at most 16 upper case letters, digits, spaces and
        underscores.
    content_description
        Text on the presentation state, at most 64 characters.
    graphic_annotations, graphic_layers, graphic_groups
        What is drawn over the images, the layers it is drawn in, and the groups it
        belongs to.
    concept_name
        What the presentation state is for, as a code.
    institution_name, institutional_department_name
        Where the equipment stands.
    content_creator_name, content_creator_identification
        Who made the presentation state.
    icc_profile
        ICC profile of the images, of an input device or a colour space; that which they
        hold, if not given.
    transfer_syntax_uid
        Implicit, Explicit or Deflated Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the presentation state.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If the images do not suit the kind of presentation state, a transformation has
        to be given since they differ, or something refers to what is not there.
    ArgumentTypeError
        If an argument is of the wrong type.
    MissingAttributeError
        If an image lacks an attribute.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.pr import ColorSoftcopyPresentationState
    >>> from highdicom.color import srgb_profile
    >>> from highdicom.testing import slide
    >>> state = ColorSoftcopyPresentationState(
    ...     [slide()],
    ...     icc_profile=srgb_profile(),
    ...     series_instance_uid=UID(),
    ...     series_number=7,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ...     manufacturer_model_name="Model",
    ...     software_versions="1.0",
    ...     device_serial_number="17",
    ...     content_label="EXAMPLE",
    ... )
    >>> state.Modality
    'PR'

    """

    sop_class_uids = frozenset(("1.2.840.10008.5.1.4.1.1.11.2",))

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        content_label: str,
        content_description: str | None = None,
        graphic_annotations: AnySequence[GraphicAnnotation] | None = None,
        graphic_layers: AnySequence[GraphicLayer] | None = None,
        graphic_groups: AnySequence[GraphicGroup] | None = None,
        concept_name: Code | CodedConcept | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_creator_name: str | PersonName | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        icc_profile: bytes | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        images = check_images(referenced_images)
        check_samples(images, 3, "colour")
        check_same_size(images)
        profile = check_icc_profile(icc_profile or icc_profile_of(images))
        self._initialise_state(images, **_shared(locals()))
        put_referenced_series(self, images)
        put(self, "ICCProfile", profile)

    def _render(self, shown: list[ShownImage]) -> npt.NDArray[np.uint8]:
        return color_pixels(self, only(shown))


class AdvancedBlendingPresentationState(PresentationState):
    """How images of several series are to be shown as one (PS3.3 A.33.8).

    Parameters
    ----------
    referenced_images
        Images of all inputs, which share their frame of reference. Patient and study
        are taken from the first.
    blending
        The inputs, numbered from 1 in their order.
    blending_display
        How they are blended. All operations but one have a number, by which others
        refer to their results.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the presentation state.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        The equipment that makes the presentation state.
    content_label
        Name shown to users: at most 16 upper case letters, digits, spaces and
        underscores.
    content_description
        Text on the presentation state, at most 64 characters.
    graphic_annotations, graphic_layers, graphic_groups
        What is drawn over the images, the layers it is drawn in, and the groups it
        belongs to.
    concept_name
        What the presentation state is for, as a code.
    institution_name, institutional_department_name
        Where the equipment stands.
    content_creator_name, content_creator_identification
        Who made the presentation state.
    icc_profile
        ICC profile of the colours blended; sRGB if not given.
    transfer_syntax_uid
        Implicit, Explicit or Deflated Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the presentation state.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    InvalidArgumentError
        If the images do not suit the kind of presentation state, a transformation has
        to be given since they differ, or something refers to what is not there.
    ArgumentTypeError
        If an argument is of the wrong type.
    MissingAttributeError
        If an image lacks an attribute.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.pr import AdvancedBlendingPresentationState
    >>> from highdicom.testing import ct_series, pet_series
    >>> from highdicom.pr import (
    ...     AdvancedBlending, BlendingDisplay, BlendingDisplayInput
    ... )
    >>> ct, pet = ct_series()[:1], pet_series()[:1]
    >>> pet[0].FrameOfReferenceUID = ct[0].FrameOfReferenceUID
    >>> inputs = [BlendingDisplayInput(1), BlendingDisplayInput(2)]
    >>> state = AdvancedBlendingPresentationState(
    ...     [*ct, *pet],
    ...     blending=[AdvancedBlending(ct, 1), AdvancedBlending(pet, 2)],
    ...     blending_display=[BlendingDisplay("EQUAL", inputs)],
    ...     series_instance_uid=UID(),
    ...     series_number=7,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ...     manufacturer_model_name="Model",
    ...     software_versions="1.0",
    ...     device_serial_number="17",
    ...     content_label="EXAMPLE",
    ... )
    >>> state.Modality
    'PR'

    """

    sop_class_uids = frozenset(("1.2.840.10008.5.1.4.1.1.11.8",))

    def __init__(
        self,
        referenced_images: AnySequence[Dataset],
        blending: AnySequence[AdvancedBlending],
        blending_display: AnySequence[BlendingDisplay],
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        manufacturer_model_name: str,
        software_versions: str | tuple[str],
        device_serial_number: str,
        content_label: str,
        content_description: str | None = None,
        graphic_annotations: AnySequence[GraphicAnnotation] | None = None,
        graphic_layers: AnySequence[GraphicLayer] | None = None,
        graphic_groups: AnySequence[GraphicGroup] | None = None,
        concept_name: Code | CodedConcept | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        content_creator_name: str | PersonName | None = None,
        content_creator_identification: ContentCreatorIdentificationCodeSequence
        | None = None,
        icc_profile: bytes | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        images = check_images(referenced_images)
        check_blending(blending, blending_display, images)
        profile = check_icc_profile(icc_profile or srgb_profile())
        frame_of_reference = shared_frame_of_reference(images)
        self._initialise_state(images, **_shared(locals()))
        frame_of_reference.insert_into(self)
        EnhancedGeneralEquipment(
            manufacturer,
            manufacturer_model_name,
            device_serial_number,
            software_versions,
        ).insert_into(self)
        put_common_instance_references(self, images)
        put_sequence(self, "AdvancedBlendingSequence", blending)
        put_sequence(self, "BlendingDisplaySequence", deepcopy(list(blending_display)))
        put(self, "PixelPresentation", "TRUE_COLOR")
        put(self, "ICCProfile", profile)

    item_classes: ClassVar[dict[str, type[SequenceItem | Module]]] = {
        **PresentationState.item_classes,
        "AdvancedBlendingSequence": AdvancedBlending,
        "BlendingDisplaySequence": BlendingDisplay,
    }

    @property
    def blending(self) -> list[AdvancedBlending]:
        """The inputs."""
        return list(self.AdvancedBlendingSequence)

    @property
    def blending_display(self) -> list[BlendingDisplay]:
        """How they are blended."""
        return list(self.BlendingDisplaySequence)

    def _render(self, shown: list[ShownImage]) -> npt.NDArray[np.uint8]:
        return blended_pixels(self, self.blending, self.blending_display, shown)

    def _displayed(self, shown: list[ShownImage]) -> ShownImage:
        return geometry_for_display(self.blending, shown)


def prread(fp: str | bytes | PathLike[str] | BinaryIO) -> PresentationState:
    """Read a presentation state (PS3.3 A.33).

    Parameters
    ----------
    fp
        Path, URL, content of a file, or file object.

    Returns
    -------
    PresentationState
        Of the class that stands for its SOP class.

    Raises
    ------
    SourceError
        If there is nothing to read.
    NonconformantDatasetError
        If it is no DICOM file.
    WrongSOPClassError
        If the file holds no presentation state, or one of another kind.

    Examples
    --------
    >>> import io
    >>> from highdicom import UID
    >>> from highdicom.pr import GrayscaleSoftcopyPresentationState, prread
    >>> from highdicom.testing import ct_series
    >>> state = GrayscaleSoftcopyPresentationState(
    ...     *(ct_series(), UID(), 7, UID(), 1, "Maker", "Model", "1.0", "17", "EXAMPLE")
    ... )
    >>> state.save_as(file := io.BytesIO())
    >>> type(prread(file.getvalue())).__name__
    'GrayscaleSoftcopyPresentationState'

    """
    state = read(fp)
    if not isinstance(state, PresentationState):
        uid = UID(str(state.SOPClassUID))
        raise WrongSOPClassError(
            f"The file holds a {uid.name}, which is no grayscale, pseudo-colour, colour "
            "or advanced blending presentation state.",
            keyword="SOPClassUID",
            sop_instance_uid=state.get("SOPInstanceUID"),
        )
    return state
