"""Single measurements and qualitative evaluations."""

import pytest
from pydicom.sr.codedict import codes
from sr_template_parts import (
    CT,
    METHOD,
    area,
    coordinates,
    evaluation,
    full_measurement,
    properties,
    sites,
)

from highdicom.content_items.query import name_key_of, relationship_type_of
from highdicom.sr import (
    CodeContentItem,
    ContentSequence,
    CoordinatesForMeasurement,
    FindingSite,
    Measurement,
    MeasurementProperties,
    MeasurementStatisticalProperties,
    NormalRangeProperties,
    NumContentItem,
    QualitativeEvaluation,
    SourceImageForMeasurement,
    TextContentItem,
)


def children(measurement):
    return [
        (relationship_type_of(item), item.value_type.value, item.name.meaning)
        for item in measurement[0].ContentSequence
    ]


def test_a_plain_measurement_is_one_number():
    made = area(3.5)
    assert len(made) == 1
    assert isinstance(made[0], NumContentItem)
    assert made[0].relationship_type.value == "CONTAINS"
    assert "ContentSequence" not in made[0]
    assert (made.name, made.value) == (codes.SCT.Area, 3.5)
    assert made.unit == codes.UCUM.SquareMillimeter
    assert made.qualifier is None
    assert made.derivation is None
    assert made.method is None
    assert made.finding_sites == []
    assert made.referenced_images == []
    assert made.referenced_coordinates == []


def test_everything_that_is_said_is_read_again():
    made = full_measurement(referenced_coordinates=[coordinates()])
    assert made.qualifier == codes.DCM.ValueOutOfRange
    assert made.derivation == codes.SCT.Mean
    assert made.method == METHOD
    assert [site.value for site in made.finding_sites] == [
        codes.SCT.Kidney,
        codes.SCT.Liver,
    ]
    assert made.finding_sites[0].laterality == codes.SCT.Left
    assert [type(image) for image in made.referenced_images] == [
        SourceImageForMeasurement
    ]
    assert [type(one) for one in made.referenced_coordinates] == [
        CoordinatesForMeasurement
    ]
    assert made.tracking_identifier.identifier == "diameter"
    assert made.algorithm_id.parameters == ["a=1", "b=2"]
    assert made.properties.normality == codes.SCT.Normal
    assert made.properties.upper_measurement_uncertainty == 0.5
    assert made.properties.lower_measurement_uncertainty == 0.25


def test_items_follow_the_rows_of_the_template():
    found = children(full_measurement(referenced_coordinates=[coordinates()]))
    assert [name for _, _, name in found[:5]] == [
        "Measurement Method",
        "Derivation",
        "Finding Site",
        "Finding Site",
        "Normality",
    ]
    relationships = {name: relationship for relationship, _, name in found}
    # TID 300 row 18: a number cannot contain anything.
    map_used = "Real World Value Map used for measurement"
    assert relationships[map_used] == "INFERRED FROM"
    assert relationships["Source of Measurement"] == "INFERRED FROM"
    assert relationships["Tracking Identifier"] == "HAS OBS CONTEXT"
    assert relationships["Algorithm Name"] == "HAS CONCEPT MOD"
    assert relationships["Selection Status"] == "HAS PROPERTIES"


def test_items_given_are_not_changed():
    site = sites()
    before = [dict(one.items()) for one in site]
    Measurement(codes.SCT.Area, 1, codes.UCUM.SquareMillimeter, finding_sites=site)
    assert [dict(one.items()) for one in site] == before


@pytest.mark.parametrize("number", [7, 7.5, -0.1, 1e-12, 123456789012345])
def test_numbers_stay_what_they_are(number):
    assert area(number).value == number


@pytest.mark.parametrize(
    "argument",
    [
        "name",
        "value",
        "unit",
        "qualifier",
        "tracking_identifier",
        "algorithm_id",
        "derivation",
        "finding_sites",
        "method",
        "properties",
        "referenced_images",
        "referenced_coordinates",
        "referenced_real_world_value_map",
    ],
)
def test_wrong_types_are_refused(argument):
    right = {
        "name": codes.SCT.Area,
        "value": 1,
        "unit": codes.UCUM.SquareMillimeter,
    }
    with pytest.raises(TypeError, match=argument):
        Measurement(**{**right, argument: "wrong"})


@pytest.mark.parametrize(
    "argument", ["finding_sites", "referenced_images", "referenced_coordinates"]
)
def test_wrong_members_are_refused_and_empty_sequences_taken(argument):
    right = codes.SCT.Area, 1, codes.UCUM.SquareMillimeter
    with pytest.raises(TypeError, match=f"'{argument}' must be a sequence of"):
        Measurement(*right, **{argument: [3]})
    assert getattr(Measurement(*right, **{argument: []}), argument) == []


def test_properties_follow_the_rows():
    assert [item.name.meaning for item in properties()] == [
        "Normality",
        "Mean",
        "Population Description",
        "Reference Authority",
        "Level of Significance",
        "+, range of upper measurement uncertainty",
        "-, range of lower measurement uncertainty",
        "Selection Status",
    ]
    assert properties().measurement_statistical_properties.authority == "atlas"
    assert properties().normal_range_properties is None
    assert len(MeasurementProperties()) == 0


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (
            MeasurementStatisticalProperties,
            ["Mean", "Population Description", "Reference Authority"],
        ),
        (
            NormalRangeProperties,
            ["Mean", "Normal Range description", "Normal Range Authority"],
        ),
    ],
)
def test_values_of_populations_become_properties(cls, names):
    number = NumContentItem(
        codes.SCT.Mean, 4.0, codes.UCUM.Millimeter, None, "CONTAINS"
    )
    made = cls([number], description="adults", authority="atlas")
    assert [item.name.meaning for item in made] == names
    assert {relationship_type_of(item) for item in made} == {"HAS PROPERTIES"}
    assert relationship_type_of(number) == "CONTAINS"
    assert (made.description, made.authority) == ("adults", "atlas")
    with pytest.raises(ValueError, match="'values'"):
        cls([1.0])
    with pytest.raises(TypeError, match="'values'"):
        cls(1.0)


def test_evaluation_has_name_value_and_modifiers():
    side = CodeContentItem(codes.SCT.Laterality, codes.SCT.Left)
    made = QualitativeEvaluation(
        codes.DCM.LevelOfSignificance, codes.SCT.Normal, [side]
    )
    assert made.name == codes.DCM.LevelOfSignificance
    assert made.value == codes.SCT.Normal
    assert [modifier.value for modifier in made.modifiers] == [codes.SCT.Left]
    assert made[0].relationship_type.value == "CONTAINS"
    assert relationship_type_of(made.modifiers[0]) == "HAS CONCEPT MOD"
    assert evaluation().modifiers == []
    with pytest.raises(TypeError, match="name"):
        QualitativeEvaluation("wrong", codes.SCT.Normal)
    with pytest.raises(TypeError, match="value"):
        QualitativeEvaluation(codes.SCT.Normal, "wrong")


def test_measurements_are_recognised():
    made = full_measurement()
    read = Measurement.from_sequence(made)
    assert read[0] is not made[0]
    assert read == made
    assert Measurement.from_sequence(made, copy=False)[0] is made[0]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [TextContentItem(codes.DCM.Comment, "a", "CONTAINS")],
        [*area(), *area()],
    ],
)
def test_other_items_are_no_measurement(items):
    for cls in (Measurement, QualitativeEvaluation):
        with pytest.raises(ValueError, match=cls.__name__):
            cls.from_sequence(ContentSequence(items))


def test_old_codes_are_read_like_new_ones():
    made = full_measurement()
    method = made[0].ContentSequence[0]
    name = method.ConceptNameCodeSequence[0]
    name.CodeValue, name.CodingSchemeDesignator = "G-C036", "SRT"
    assert name_key_of(method)[:2] == ("G-C036", "SRT")
    assert made.method == METHOD
    site = FindingSite(codes.SCT.Kidney)
    site.ConceptCodeSequence[0].CodeValue = "T-71000"
    site.ConceptCodeSequence[0].CodingSchemeDesignator = "SRT"
    assert site.value == codes.SCT.Kidney


def test_missing_parts_are_none():
    made = Measurement.of([*area()])
    assert made.tracking_identifier is None
    assert made.properties is None
    assert made.referenced_real_world_value_map is None


def test_images_are_typed_when_they_are_read():
    made = full_measurement()
    read = Measurement.from_sequence([made[0]])
    image = read.referenced_images[0]
    assert image.value == (CT, "1.2.7")
