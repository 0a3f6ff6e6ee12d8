"""Each template with all and with fewest rows, in documents that others judge."""

import inspect

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_judged import BARE, CT, IMAGES, LIBRARY, assert_valid, document
from sr_template_parts import (
    PROCEDURE,
    Group,
    Planar,
    Volumetric,
    algorithm,
    coordinates,
    frame,
    full_groups,
    full_measurement,
    observation,
    person,
    properties,
    region,
    region_in_space,
    segment,
    specimen,
    surface,
    time_point,
    tracking,
)

import highdicom.sr
from highdicom.content_items import ContentSequence
from highdicom.content_items.query import value_type_of, walk
from highdicom.sr import (
    AlgorithmIdentification,
    CodeContentItem,
    DeviceObserverIdentifyingAttributes,
    ImageLibrary,
    ImageLibraryEntryDescriptors,
    LanguageOfContentItemAndDescendants,
    Measurement,
    MeasurementProperties,
    MeasurementReport,
    MeasurementStatisticalProperties,
    NormalRangeProperties,
    NumContentItem,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    QualitativeEvaluation,
    SourceImageForMeasurement,
    SubjectContext,
    SubjectContextDevice,
    SubjectContextFetus,
    SubjectContextSpecimen,
    TextContentItem,
    TimePointContext,
    TrackingIdentifier,
)
from highdicom.sr.templates import ImageLibraryEntry, Template

MM = codes.UCUM.Millimeter
DIAMETER = codes.SCT.Diameter, 4.2, MM
DEVICE, PERSON = codes.DCM.Device, codes.DCM.Person
MEAN, LIMIT = (
    NumContentItem(name, 4.0, MM, None, "HAS PROPERTIES")
    for name in (codes.SCT.Mean, codes.SCT.NormalRangeUpperLimit)
)

# --- where a template stands in a report ----------------------------------------------


def report(*groups, context=None, **options):
    options.setdefault("procedure_reported", PROCEDURE)
    return MeasurementReport(
        context or ObservationContext(),
        imaging_measurements=groups or [Group(tracking())],
        **options,
    )


def in_group(name):
    return lambda part: report(Group(tracking(), **{name: part}))


def measured(part):
    return report(Group(tracking(), measurements=[part]))


def in_properties(name):
    return lambda part: measured(
        Measurement(*DIAMETER, properties=MeasurementProperties(**{name: part}))
    )


def observed(part):
    is_device = part.observer_type == DEVICE
    name = f"observer_{'device' if is_device else 'person'}_context"
    return report(context=ObservationContext(**{name: part}))


def observer(kind):
    return lambda part: observed(ObserverContext(kind, part))


def subject_of(part):
    return report(context=ObservationContext(subject_context=part))


def subject(kind):
    return lambda part: subject_of(SubjectContext(kind, part))


def with_library(part):
    """Put a library, an entry or its descriptors in the place of what they follow."""
    made = report(referenced_images=[BARE])
    library, group, entry = (
        node
        for node in walk(made[0])
        if "Image Library" in getattr(node.item.name, "meaning", "")
        or value_type_of(node.item) == "IMAGE"
    )
    if isinstance(part, ImageLibrary):
        made[0].ContentSequence[library.index] = part[0]
    elif isinstance(part, ImageLibraryEntry):
        group.item.ContentSequence = ContentSequence(part)
    else:
        entry.item.ContentSequence = ContentSequence(part)
    return made


# --- the templates: place, with fewest rows, with all -------------------------------------


def full_properties():
    known = properties()
    given = {name: getattr(known, name) for name in known.fields}
    given["normal_range_properties"] = NormalRangeProperties([LIMIT], "adults", "atlas")
    return MeasurementProperties(**given)


def full_report():
    return report(
        *full_groups().values(),
        context=observation(),
        procedure_reported=[PROCEDURE, codes.LN.WholeBodyCT],
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=GERMAN,
        referenced_images=LIBRARY,
    )


FRENCH = LanguageOfContentItemAndDescendants(Code("fr", "RFC5646", "French"))
GERMAN = LanguageOfContentItemAndDescendants(
    Code("de", "RFC5646", "German"), Code("DE", "ISO3166_1", "Germany")
)
FULL_DEVICE = DeviceObserverIdentifyingAttributes(
    "1.2.9", "finder", "Maker", "A1", "7", "Room 1", codes.DCM.Recording
)
LEAST_DEVICE = DeviceObserverIdentifyingAttributes("1.2.9")
LEAST_PERSON = PersonObserverIdentifyingAttributes("Doe^Jane")
FULL_PERSON = person().observer_identifying_attributes
FETUS, PUMP = SubjectContextFetus("A"), SubjectContextDevice("pump")
EXTRA = TextContentItem(codes.DCM.Comment, "dark", "HAS ACQ CONTEXT")
LEAST_GROUPS = {
    "region": Planar(tracking(), referenced_region=region()),
    "region in space": Planar(tracking(), referenced_region=region_in_space()),
    "frame": Planar(tracking(), referenced_segment=frame()),
    "regions": Volumetric(tracking(), referenced_regions=[region()]),
    "segment": Volumetric(tracking(), referenced_segment=segment()),
    "surface": Volumetric(tracking(), referenced_volume_surface=surface()),
    "images": Group(tracking()),
}
TEMPLATES = [
    (lambda part: part, report(), full_report()),
    *((report, LEAST_GROUPS[kind], full) for kind, full in full_groups().items()),
    (
        lambda part: measured(Measurement(*DIAMETER, tracking_identifier=part)),
        TrackingIdentifier("1.2.3"),
        tracking(),
    ),
    (
        in_group("algorithm_id"),
        AlgorithmIdentification("finder", "1.2"),
        algorithm(),
    ),
    (in_group("time_point_context"), TimePointContext("week 2"), time_point()),
    (
        lambda part: report(Group(tracking(), qualitative_evaluations=[part])),
        QualitativeEvaluation(codes.DCM.LevelOfSignificance, codes.SCT.High),
        QualitativeEvaluation(
            codes.DCM.LevelOfSignificance,
            codes.SCT.High,
            [CodeContentItem(codes.SCT.Severity, codes.SCT.Mild, "HAS CONCEPT MOD")],
        ),
    ),
    (measured, Measurement(*DIAMETER), full_measurement()),
    (
        measured,
        Measurement(
            *DIAMETER, referenced_images=[SourceImageForMeasurement(CT, "1.2.8")]
        ),
        Measurement(*DIAMETER, referenced_coordinates=[coordinates()]),
    ),
    (
        lambda part: measured(Measurement(*DIAMETER, properties=part)),
        MeasurementProperties(normality=codes.SCT.Normal),
        full_properties(),
    ),
    (
        in_properties("measurement_statistical_properties"),
        MeasurementStatisticalProperties([MEAN]),
        MeasurementStatisticalProperties([MEAN], "adults", "atlas"),
    ),
    (
        in_properties("normal_range_properties"),
        NormalRangeProperties([LIMIT]),
        NormalRangeProperties([LIMIT], "adults", "atlas"),
    ),
    (lambda part: report(context=part), ObservationContext(), observation()),
    (observed, ObserverContext(PERSON, LEAST_PERSON), person()),
    (
        observed,
        ObserverContext(DEVICE, LEAST_DEVICE),
        ObserverContext(DEVICE, FULL_DEVICE),
    ),
    (observer(PERSON), LEAST_PERSON, FULL_PERSON),
    (observer(DEVICE), LEAST_DEVICE, FULL_DEVICE),
    (subject_of, SubjectContext(codes.DCM.Fetus, FETUS), specimen()),
    (
        subject_of,
        SubjectContext(codes.DCM.Specimen, SubjectContextSpecimen("1.2.4")),
        SubjectContext(codes.DCM.DeviceSubject, PUMP),
    ),
    (
        subject_of,
        SubjectContext(codes.DCM.DeviceSubject, PUMP),
        SubjectContext(codes.DCM.Fetus, FETUS),
    ),
    (subject(codes.DCM.Fetus), FETUS, SubjectContextFetus("B")),
    (
        subject(codes.DCM.Specimen),
        SubjectContextSpecimen("1.2.4"),
        SubjectContextSpecimen("1.2.4", "A-1", "box", codes.SCT.TissueSection),
    ),
    (
        subject(codes.DCM.DeviceSubject),
        PUMP,
        SubjectContextDevice("pump", "1.2.3.4", "Maker", "A1", "7", "Room 1"),
    ),
    (
        lambda part: report(language_of_content_item_and_descendants=part),
        FRENCH,
        GERMAN,
    ),
    (with_library, ImageLibrary([BARE]), ImageLibrary(LIBRARY)),
    (with_library, ImageLibraryEntry(BARE), ImageLibraryEntry(IMAGES[0])),
    (
        with_library,
        ImageLibraryEntryDescriptors(BARE),
        ImageLibraryEntryDescriptors(IMAGES[0], [EXTRA]),
    ),
]


@pytest.mark.parametrize(
    ("place", "least", "full"), TEMPLATES, ids=lambda one: type(one).__name__
)
def test_templates_with_all_and_fewest_rows_are_valid_and_read_back(
    place, least, full, tmp_path
):
    for part in (least, full):
        made = document(place(part))
        items = [node.item for node in walk(made.content[0])]
        assert all(item in items for item in part)
        assert assert_valid(made, tmp_path).content == made.content


def _given(part):
    return {
        name
        for name, field in part.fields.items()
        if field.init and getattr(part, name, None) not in (None, [])
    }


def test_every_template_has_its_fewest_and_all_rows_in_the_table():
    public = {
        found
        for found in vars(highdicom.sr).values()
        if inspect.isclass(found) and issubclass(found, Template)
    }
    assert public <= {type(full) for _, _, full in TEMPLATES}
    for cls in public:
        parts = [parts for _, *parts in TEMPLATES if type(parts[0]) is cls]
        every = {name for name, field in cls.fields.items() if field.init}
        assert set().union(*(_given(full) for _, full in parts)) == every, cls
        # Observers and subjects are a choice; their own templates have optional rows.
        assert cls in (ObserverContext, SubjectContext) or any(
            _given(least) < _given(full) or len(every) < 2 for least, full in parts
        ), cls
