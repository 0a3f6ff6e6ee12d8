"""Converted images hold what was converted, whatever the series."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings, strategies as st
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from highdicom.legacy import LegacyConvertedEnhancedCTImage, lceread
from highdicom.testing import ct_series

_IDENTITY = {
    "series_instance_uid": "1.2.3.4",
    "series_number": 7,
    "sop_instance_uid": "1.2.3.4.5",
    "instance_number": 1,
}
_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless)
_KEYWORDS = ("KVP", "ExposureTime", "FilterType", "ConvolutionKernel")
_VALUES = {
    "KVP": st.sampled_from([80, 120.5, None]),
    "ExposureTime": st.integers(0, 3),
    "FilterType": st.sampled_from(["A", "", None]),
    "ConvolutionKernel": st.sampled_from([["B30", "B40"], "B50", None]),
}


def _written(dataset):
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@settings(max_examples=25)
@given(st.data())
def test_values_and_pixels_of_each_image_are_found_again(data):
    count = data.draw(st.integers(1, 5))
    source, target = (data.draw(st.sampled_from(_SYNTAXES)) for _ in range(2))
    order = data.draw(st.permutations(range(count)))
    missing = data.draw(st.booleans()) and count > 3
    datasets = ct_series(count + missing, missing_slices=(1,) if missing else ())
    for dataset in datasets:
        for keyword in _KEYWORDS:
            value = data.draw(_VALUES[keyword])
            dataset.pop(keyword, None)
            if value is not None:
                setattr(dataset, keyword, value)
        if source == RLELossless:
            dataset.compress(RLELossless, generate_instance_uid=False)
        else:
            dataset.file_meta.TransferSyntaxUID = source
    given_datasets = [
        dcmread(BytesIO(_written(datasets[place])))
        if data.draw(st.booleans())
        else datasets[place]
        for place in order
    ]
    image = LegacyConvertedEnhancedCTImage(
        given_datasets,
        **_IDENTITY,
        transfer_syntax_uid=target,
        include_dimension_index=data.draw(st.sampled_from([None, False])),
    )
    _check(lceread(_written(image)), datasets)


def _check(read, datasets):
    shared = read.SharedFunctionalGroupsSequence[0]
    frames = {
        frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID: frame
        for frame in read.PerFrameFunctionalGroupsSequence
    }
    assert frames.keys() == {dataset.SOPInstanceUID for dataset in datasets}
    for dataset in datasets:
        frame = frames[dataset.SOPInstanceUID]
        position = frame.PlanePositionSequence[0].ImagePositionPatient
        assert list(position) == list(dataset.ImagePositionPatient)
        places = (
            shared.UnassignedSharedConvertedAttributesSequence[0],
            frame.UnassignedPerFrameConvertedAttributesSequence[0],
        )
        for keyword in _KEYWORDS:
            found = [place[keyword].value for place in places if keyword in place]
            expected = [dataset[keyword].value] if keyword in dataset else []
            assert found == expected, keyword
        pixels = read.get_pixels_by_legacy_source_instance(
            dataset.SOPInstanceUID, dtype=np.int64, apply_modality_transform=False
        )
        np.testing.assert_array_equal(pixels, dataset.pixel_array)
