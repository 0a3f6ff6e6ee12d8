"""Segmentations reduced to what reports ask of them."""

from pydicom.dataset import Dataset

BINARY = "1.2.840.10008.5.1.4.1.1.66.4"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
CT = "1.2.840.10008.5.1.4.1.1.2"
SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"


def item(**elements):
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def instance(sop_instance_uid, sop_class_uid=CT, **elements):
    return item(
        ReferencedSOPClassUID=sop_class_uid,
        ReferencedSOPInstanceUID=sop_instance_uid,
        **elements,
    )


def frame(segment, *sources):
    """Functional groups of a frame of a segment, made from instances."""
    groups = Dataset()
    if segment is not None:
        groups.SegmentIdentificationSequence = [item(ReferencedSegmentNumber=segment)]
    if sources:
        groups.DerivationImageSequence = [item(SourceImageSequence=list(sources))]
    return groups


def segmentation(frames, segments=(1, 2), sop_class_uid=BINARY, series=()):
    """A segmentation with these frames."""
    dataset = item(
        SOPClassUID=sop_class_uid,
        SOPInstanceUID="1.2.3.99",
        NumberOfFrames=len(frames),
        SegmentSequence=[item(SegmentNumber=number) for number in segments],
        PerFrameFunctionalGroupsSequence=list(frames),
    )
    if series:
        dataset.ReferencedSeriesSequence = [
            item(SeriesInstanceUID="1.2.3.4", ReferencedInstanceSequence=list(series))
        ]
    return dataset
