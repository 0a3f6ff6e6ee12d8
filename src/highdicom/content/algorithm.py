"""Algorithm Identification macro (PS3.3 Table 10-19)."""

from pydicom.sr.coding import Code

from highdicom.attributes import SingleItemSequence
from highdicom.attributes.specifiers import Coded, OptionalText, Text, coded, text
from highdicom.coding import CodedConcept
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

__all__ = ["AlgorithmIdentificationSequence"]


class AlgorithmIdentificationSequence(
    SingleItemSequence, defined_in="algorithm-identification"
):
    """What an algorithm is called and of what kind it is (PS3.3 Table 10-19).

    Parameters
    ----------
    name
        Name of the algorithm.
    family
        Kind of algorithm, one of context group 7162.
    version
        Version of the algorithm.
    source
        Who made it.
    parameters
        Names and values of its parameters; neither may contain "," or "=".

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a text is empty, too long or has characters that it may not have.

    Examples
    --------
    >>> from highdicom import AlgorithmIdentificationSequence
    >>> from pydicom.sr.codedict import codes
    >>> algorithm = AlgorithmIdentificationSequence(
    ...     "threshold", codes.DCM.ArtificialIntelligence, "1.0", parameters={"t": "3"}
    ... )
    >>> algorithm.parameters
    {'t': '3'}

    """

    family: Coded = coded("AlgorithmFamilyCodeSequence", "1", cid=7162)
    name: Text = text("AlgorithmName", "1")
    version: Text = text("AlgorithmVersion", "1")
    source: OptionalText = text("AlgorithmSource", "3", default=None)
    parameters_text: OptionalText = text("AlgorithmParameters", "3", default=None)

    def __init__(
        self,
        name: str,
        family: Code | CodedConcept,
        version: str,
        source: str | None = None,
        parameters: dict[str, str] | None = None,
    ) -> None:
        self.initialise()
        self.name = name
        self.family = family
        self.version = version
        self.source = source
        if parameters is not None and not isinstance(parameters, dict):
            raise ArgumentTypeError(
                "'parameters' must be a dict of names and values, not "
                f"{type(parameters).__name__}."
            )
        if parameters:
            self.parameters_text = ",".join(
                _assignment(name, value) for name, value in parameters.items()
            )

    @property
    def parameters(self) -> dict[str, str] | None:
        """Names and values of the parameters, if any are recorded.

        A text that is not a list of assignments gives the parts without "=" an empty
        value.
        """
        text = self.parameters_text
        if text is None:
            return None
        pairs = (part.partition("=") for part in text.split(","))
        return {name: value for name, _, value in pairs}


def _assignment(name: str, value: str) -> str:
    if not name or any(mark in f"{name}{value}" for mark in ",="):
        raise InvalidArgumentError(
            f"'parameters' must have names and values without ',' and '=', not "
            f"{name!r}: {value!r}."
        )
    return f"{name}={value}"
