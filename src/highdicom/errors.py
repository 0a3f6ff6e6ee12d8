"""Exceptions and warnings.

::

    HighdicomError (Exception)
    ├── ArgumentError
    │   ├── InvalidArgumentError          (ValueError)
    │   ├── ArgumentTypeError             (TypeError)
    │   ├── ConflictingArgumentsError     (TypeError)
    │   ├── AnnotationNumberError         (IndexError, ValueError)
    │   └── VolumeIndexError              (IndexError)
    ├── DatasetError
    │   ├── MissingAttributeError         (AttributeError)
    │   ├── InvalidAttributeError         (ValueError)
    │   ├── WrongSOPClassError            (ValueError)
    │   ├── NonconformantDatasetError     (ValueError)
    │   └── AnnotationIndexError          (IndexError, ValueError)
    ├── FrameError
    │   ├── FrameNumberError              (IndexError, ValueError)
    │   ├── UnknownDimensionError         (KeyError)
    │   ├── UnknownSourceError            (KeyError)
    │   ├── UnknownSegmentError           (IndexError, ValueError)
    │   ├── SpatialLocationsError         (RuntimeError)
    │   ├── NotTiledError                 (RuntimeError)
    │   ├── SegmentsOverlapError          (RuntimeError)
    │   ├── AmbiguousFramesError          (RuntimeError)
    │   ├── MissingFramesError            (RuntimeError)
    │   ├── MixedValuesError              (RuntimeError)
    │   └── IrregularVolumeError          (RuntimeError)
    ├── TransformError
    │   ├── TransformNotFoundError        (RuntimeError, IndexError)
    │   └── IncompatibleTransformError    (ValueError)
    ├── CodecError
    │   ├── UnsupportedTransferSyntaxError (ValueError)
    │   └── FrameCodingError              (RuntimeError)
    ├── VolumeError                       (RuntimeError)
    ├── SourceError                       (OSError)
    └── MissingDependencyError            (ImportError)
    HighdicomWarning (UserWarning)
    ├── NonconformantDatasetWarning
    └── InformationLossWarning
    HighdicomDeprecationWarning (DeprecationWarning)

Every error is one of ours and the built-in that fits, so either can be caught. The
facts that a message names are attributes of the exception, too.
"""

from collections.abc import Sequence
from typing import Any

__all__ = [
    "AmbiguousFramesError",
    "AnnotationIndexError",
    "AnnotationNumberError",
    "ArgumentError",
    "ArgumentTypeError",
    "CodecError",
    "ConflictingArgumentsError",
    "DatasetError",
    "FrameCodingError",
    "FrameError",
    "FrameNumberError",
    "HighdicomDeprecationWarning",
    "HighdicomError",
    "HighdicomWarning",
    "IncompatibleTransformError",
    "InformationLossWarning",
    "InvalidArgumentError",
    "InvalidAttributeError",
    "IrregularVolumeError",
    "MissingAttributeError",
    "MissingDependencyError",
    "MissingFramesError",
    "MixedValuesError",
    "NonconformantDatasetError",
    "NonconformantDatasetWarning",
    "NotTiledError",
    "SpatialLocationsError",
    "UnknownSegmentError",
    "UnknownSourceError",
    "UnknownDimensionError",
    "SegmentsOverlapError",
    "SourceError",
    "TransformError",
    "TransformNotFoundError",
    "UnsupportedTransferSyntaxError",
    "VolumeError",
    "VolumeIndexError",
    "WrongSOPClassError",
]


class HighdicomError(Exception):
    """Base of all errors raised by this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the facts, too, when an error crosses processes."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    cls: type[HighdicomError], args: tuple[Any, ...], facts: dict[str, Any]
) -> HighdicomError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(facts)
    return error


class ArgumentError(HighdicomError):
    """An argument of a call is wrong."""


class InvalidArgumentError(ArgumentError, ValueError):
    """The value of an argument is not allowed."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument has the wrong type, or a required one is missing."""


class ConflictingArgumentsError(ArgumentError, TypeError):
    """Arguments are given that exclude, or one is missing that accompanies, another."""


class AnnotationNumberError(ArgumentError, IndexError, ValueError):
    """There is no annotation of that number in the group."""


class VolumeIndexError(ArgumentError, IndexError):
    """An index lies outside a volume or selects nothing."""


class DatasetError(HighdicomError):
    """A dataset is not what it has to be.

    Parameters
    ----------
    message
        What is wrong, where, and what would be right.
    path
        Keywords and zero-based item numbers from the top of the dataset to the
        place, such as ``"SegmentSequence[0].SegmentNumber"``.
    keyword
        Keyword of the attribute concerned.
    sop_instance_uid
        The instance concerned.

    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        keyword: str | None = None,
        sop_instance_uid: str | None = None,
    ) -> None:
        super().__init__(message)
        self.path = path if path is not None else keyword
        self.keyword = keyword
        self.sop_instance_uid = sop_instance_uid


class MissingAttributeError(DatasetError, AttributeError):
    """An attribute that is needed is absent or empty."""


class InvalidAttributeError(DatasetError, ValueError):
    """An attribute has a value that is not allowed or contradicts another."""


class WrongSOPClassError(DatasetError, ValueError):
    """The dataset is an instance of another SOP class."""


class NonconformantDatasetError(DatasetError, ValueError):
    """A dataset violates the standard.

    Parameters
    ----------
    message
        What is wrong.
    violations
        The single violations, as ``highdicom.standard`` lists them.
    path
        Place in the dataset.
    keyword
        Keyword of the attribute concerned.

    """

    def __init__(
        self,
        message: str,
        *,
        violations: Sequence[object] = (),
        path: str | None = None,
        keyword: str | None = None,
    ) -> None:
        super().__init__(message, path=path, keyword=keyword)
        self.violations = tuple(violations)


class AnnotationIndexError(DatasetError, IndexError, ValueError):
    """A list of indices points at annotations or points that do not exist."""


class FrameError(HighdicomError):
    """Frames cannot be found or put together as asked.

    Parameters
    ----------
    message
        What is wrong.
    frame_numbers
        One-based numbers of the frames concerned.

    """

    def __init__(self, message: str, *, frame_numbers: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.frame_numbers = tuple(frame_numbers)


class FrameNumberError(FrameError, IndexError, ValueError):
    """There is no frame of that number or index."""


class _NamedInMessageError(FrameError, KeyError):
    """A key that is not there, said in a sentence."""

    def __str__(self) -> str:
        """Give the message as it is; a KeyError would show its representation."""
        return str(self.args[0])


class UnknownDimensionError(_NamedInMessageError):
    """The image has no such dimension."""


class UnknownSourceError(_NamedInMessageError):
    """The image does not refer to such a source image."""


class UnknownSegmentError(FrameError, IndexError, ValueError):
    """The image has no such segment."""


class SpatialLocationsError(FrameError, RuntimeError):
    """Frames need not show the same places as the images that they were made of."""


class NotTiledError(FrameError, RuntimeError):
    """The image has no total pixel matrix."""


class SegmentsOverlapError(FrameError, RuntimeError):
    """Segments overlap that should not."""


class AmbiguousFramesError(FrameError, RuntimeError):
    """Several frames fit where one is expected."""


class MissingFramesError(FrameError, RuntimeError):
    """No frame is stored where one is expected."""


class MixedValuesError(FrameError, RuntimeError):
    """Frames differ in a value that they have to share."""


class IrregularVolumeError(FrameError, RuntimeError):
    """Frames do not lie on a regular grid.

    Parameters
    ----------
    message
        What is wrong.
    deviation
        Largest deviation from the regular grid, in millimetres or, for
        orientations, degrees, if it is known.
    frame_numbers
        One-based numbers of the frames concerned.

    """

    def __init__(
        self,
        message: str,
        *,
        deviation: float | None = None,
        frame_numbers: Sequence[int] = (),
    ) -> None:
        super().__init__(message, frame_numbers=frame_numbers)
        self.deviation = deviation


class TransformError(HighdicomError):
    """A pixel transform cannot be applied."""


class TransformNotFoundError(TransformError, RuntimeError, IndexError):
    """The image has no such transform."""


class IncompatibleTransformError(TransformError, ValueError):
    """A transform does not fit the pixel values or the data type asked for."""


class CodecError(HighdicomError):
    """Pixel data cannot be encoded or decoded."""


class UnsupportedTransferSyntaxError(CodecError, ValueError):
    """The transfer syntax is unknown here or cannot carry such pixels."""


class FrameCodingError(CodecError, RuntimeError):
    """Encoding or decoding a frame failed."""


class VolumeError(HighdicomError, RuntimeError):
    """A volume cannot be brought into the form asked for."""


class SourceError(HighdicomError, OSError):
    """Bytes cannot be had from where they should come.

    Parameters
    ----------
    message
        What is wrong.
    source
        Name of the file, URL or other source.

    """

    def __init__(self, message: str, *, source: str | None = None) -> None:
        super().__init__(message)
        self.source = source


class MissingDependencyError(HighdicomError, ImportError):
    """An optional package is needed.

    Parameters
    ----------
    package
        Name of the package that is missing.
    extra
        Extra of this package that brings it.
    purpose
        What it is needed for, completing "... is needed to".

    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"The package '{package}' is needed to {purpose}: "
            f'pip install "highdicom[{extra}]".'
        )
        self.package = package
        self.extra = extra
        self.purpose = purpose


class HighdicomWarning(UserWarning):
    """Base of the warnings that users can act on."""


class NonconformantDatasetWarning(HighdicomWarning):
    """A dataset deviates from the standard; the message says what was assumed."""


class InformationLossWarning(HighdicomWarning):
    """Something of the input cannot be kept."""


class HighdicomDeprecationWarning(DeprecationWarning):
    """A name or behaviour that will go."""
