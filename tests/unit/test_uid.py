"""Unique identifiers (PS3.5 Section 9 and Annex B)."""

import copy
import pickle
import uuid

import pydicom.uid
import pytest

from highdicom import UID
from highdicom.errors import InvalidArgumentError


def test_new_identifiers_are_made_from_random_uuids():
    made = {UID() for _ in range(100)}
    assert len(made) == 100
    for uid in made:
        assert uid.is_valid
        assert uid.startswith("2.25.")
        assert int(uid.removeprefix("2.25.")) < 2**128


def test_identifiers_given_are_kept():
    uid = UID("1.2.840.10008.1.2.1")
    assert uid == "1.2.840.10008.1.2.1"
    assert isinstance(uid, pydicom.uid.UID)
    assert uid.is_transfer_syntax


@pytest.mark.parametrize("write", [str, lambda u: u.hex, lambda u: u.urn])
def test_uuids_are_written_as_one_number(write):
    given = uuid.UUID("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    # The example of PS3.5 B.2.
    expected = "2.25.329800735698586629295641978511506172918"
    assert UID.from_uuid(write(given)) == expected


@pytest.mark.parametrize("given", ["", "not a uuid", "1.2.3"])
def test_what_is_no_uuid_is_refused(given):
    with pytest.raises(InvalidArgumentError, match="'uuid' must be a UUID"):
        UID.from_uuid(given)


def test_identifiers_can_be_copied_and_pickled():
    uid = UID()
    assert copy.deepcopy(uid) == uid
    assert pickle.loads(pickle.dumps(uid)) == uid
    assert type(pickle.loads(pickle.dumps(uid))) is UID


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
        ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
        ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
        ("1.2.840.10008.1.2.4.112", "JPEG XL"),
    ],
)
def test_transfer_syntaxes_of_all_years_are_known(uid, name):
    for known in (UID(uid), pydicom.uid.UID(uid)):
        assert known.name == name
        assert known.is_transfer_syntax
        assert known.is_encapsulated
        assert not known.is_implicit_VR
        assert known.is_little_endian
