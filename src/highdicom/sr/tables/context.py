"""Who observed what in whom: TID 1000 to 1010, 1204, 4019 and 4108."""

from highdicom.sr.engine.conditions import any_present, none_present, value_is
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.value_sets import baseline, closed, defined
from highdicom.sr.tables.concepts import dcm, ln, sct, ucum

__all__ = [
    "DEVICE",
    "DEVICE_SUBJECT",
    "FETUS",
    "PATIENT",
    "PERSON",
    "SPECIMEN",
    "TID_1000",
    "TID_1001",
    "TID_1002",
    "TID_1003",
    "TID_1004",
    "TID_1005",
    "TID_1006",
    "TID_1007",
    "TID_1008",
    "TID_1009",
    "TID_1010",
    "TID_1204",
    "TID_4019",
    "TID_4108",
]

PERSON = dcm("121006", "Person")
DEVICE = dcm("121007", "Device")
PATIENT = dcm("121025", "Patient")
FETUS = dcm("121026", "Fetus")
SPECIMEN = dcm("121027", "Specimen")
DEVICE_SUBJECT = dcm("121192", "Device Subject")

_ISSUER = dcm("110190", "Issuer of Identifier")

# fmt: off
# One line a row, as the standard prints them.
TID_1003 = TemplateTable(
    "1003",
    "Person Observer Identifying Attributes",
    (
        Row("1", "HAS OBS CONTEXT", "PNAME", dcm("121008", "Person Observer Name"), "1", "M"),
        Row("1a", "HAS OBS CONTEXT", "TEXT", dcm("128774", "Person Observer's Login Name"), "1", "U"),
        Row("2", "HAS OBS CONTEXT", "TEXT", dcm("121009", "Person Observer's Organization Name"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "CODE", dcm("121010", "Person Observer's Role in the Organization"), "1", "U", values=baseline(7452)),
        Row("4", "HAS OBS CONTEXT", "CODE", dcm("121011", "Person Observer's Role in this Procedure"), "1", "U", values=baseline(7453)),
        Row("5", "HAS OBS CONTEXT", "TEXT", dcm("128775", "Identifier within Person Observer's Role"), "1", "U", under="4"),
    ),
    has_order=True,
)

TID_1004 = TemplateTable(
    "1004",
    "Device Observer Identifying Attributes",
    (
        Row("1", "HAS OBS CONTEXT", "UIDREF", dcm("121012", "Device Observer UID"), "1", "M"),
        Row("2", "HAS OBS CONTEXT", "TEXT", dcm("121013", "Device Observer Name"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121014", "Device Observer Manufacturer"), "1", "U"),
        Row("4", "HAS OBS CONTEXT", "TEXT", dcm("121015", "Device Observer Model Name"), "1", "U"),
        Row("5", "HAS OBS CONTEXT", "TEXT", dcm("121016", "Device Observer Serial Number"), "1", "U"),
        Row("6", "HAS OBS CONTEXT", "TEXT", dcm("121017", "Device Observer Physical Location During Observation"), "1", "U"),
        Row("7", "HAS OBS CONTEXT", "CODE", dcm("113876", "Device Role in Procedure"), "1-n", "U", values=defined(7445)),
    ),
    has_order=True,
)

TID_1002 = TemplateTable(
    "1002",
    "Observer Context",
    (
        Row("1", "HAS OBS CONTEXT", "CODE", dcm("121005", "Observer Type"), "1", "MC", values=closed(270)),
        Include("2", TID_1003, "1", "MC", condition=value_is("1", PERSON, or_absent=True).exclusively),
        Include("3", TID_1004, "1", "MC", condition=value_is("1", DEVICE).exclusively),
    ),
    is_extensible=False,
    has_order=True,
)

TID_1005 = TemplateTable(
    "1005",
    "Procedure Study Context",
    (
        Row("1", "HAS OBS CONTEXT", "UIDREF", dcm("121018", "Procedure Study Instance UID"), "1", "U"),
        Row("2", "HAS OBS CONTEXT", "UIDREF", dcm("121019", "Procedure Study Component UID"), "1-n", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121020", "Placer Number"), "1", "U"),
        Row("4", "HAS CONCEPT MOD", "TEXT", _ISSUER, "1", "U", under="3"),
        Row("5", "HAS OBS CONTEXT", "TEXT", dcm("121021", "Filler Number"), "1", "U"),
        Row("6", "HAS CONCEPT MOD", "TEXT", _ISSUER, "1", "U", under="5"),
        Row("7", "HAS OBS CONTEXT", "TEXT", dcm("121022", "Accession Number"), "1", "U"),
        Row("8", "HAS CONCEPT MOD", "TEXT", _ISSUER, "1", "U", under="7"),
        Row("9", "HAS OBS CONTEXT", "CODE", dcm("121023", "Procedure Code"), "1-n", "U"),
    ),
    is_extensible=False,
    has_order=True,
)

TID_1007 = TemplateTable(
    "1007",
    "Subject Context, Patient",
    (
        Row("1", "HAS OBS CONTEXT", "UIDREF", dcm("121028", "Subject UID"), "1", "U"),
        Row("2", "HAS OBS CONTEXT", "PNAME", dcm("121029", "Subject Name"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121030", "Subject ID"), "1", "U"),
        Row("4", "HAS OBS CONTEXT", "DATE", dcm("121031", "Subject Birth Date"), "1", "U"),
        Row("5", "HAS OBS CONTEXT", "CODE", dcm("121032", "Subject Sex"), "1", "U", values=closed(7455)),
        Row("6", "HAS OBS CONTEXT", "NUM", dcm("121033", "Subject Age"), "1", "U", units=closed(7456)),
        Row("7", "HAS OBS CONTEXT", "CODE", dcm("121034", "Subject Species"), "1", "U", values=defined(7454)),
        Row("8", "HAS OBS CONTEXT", "CODE", dcm("121035", "Subject Breed"), "1", "U", values=defined(7480)),
        Row("9", "HAS OBS CONTEXT", "CODE", sct("415229000", "Racial group"), "1", "U", values=defined(6099)),
    ),
    has_order=True,
)

TID_1008 = TemplateTable(
    "1008",
    "Subject Context, Fetus",
    (
        Row("1", "HAS OBS CONTEXT", "PNAME", dcm("121036", "Mother of fetus"), "1", "U"),
        Row("2", "HAS OBS CONTEXT", "UIDREF", dcm("121028", "Subject UID"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121030", "Subject ID"), "1", "MC", condition=none_present("4").exclusively),
        Row("4", "HAS OBS CONTEXT", "TEXT", ln("11951-1", "Fetus ID"), "1", "MC", condition=none_present("3").exclusively),
        Row("5", "HAS OBS CONTEXT", "NUM", ln("11878-6", "Number of Fetuses"), "1", "U", units=ucum("1", "no units")),
    ),
    has_order=True,
)

TID_1009 = TemplateTable(
    "1009",
    "Subject Context, Specimen",
    (
        Row("1", "HAS OBS CONTEXT", "UIDREF", dcm("121039", "Specimen UID"), "1", "U"),
        Include("2", TID_1007, "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121041", "Specimen Identifier"), "1", "U"),
        Row("4", "HAS OBS CONTEXT", "TEXT", dcm("111724", "Issuer of Specimen Identifier"), "1", "U"),
        Row("5", "HAS OBS CONTEXT", "CODE", sct("371439000", "Specimen Type"), "1", "U", values=defined(8103)),
        Row("6", "HAS OBS CONTEXT", "TEXT", dcm("111700", "Specimen Container Identifier"), "1", "U"),
    ),
    has_order=True,
)

TID_1010 = TemplateTable(
    "1010",
    "Subject Context, Device",
    (
        Row("1", "HAS OBS CONTEXT", "TEXT", dcm("121193", "Device Subject Name"), "1", "M"),
        Row("2", "HAS OBS CONTEXT", "UIDREF", dcm("121198", "Device Subject UID"), "1", "U"),
        Row("3", "HAS OBS CONTEXT", "TEXT", dcm("121194", "Device Subject Manufacturer"), "1", "U"),
        Row("4", "HAS OBS CONTEXT", "TEXT", dcm("121195", "Device Subject Model Name"), "1", "U"),
        Row("5", "HAS OBS CONTEXT", "TEXT", dcm("121196", "Device Subject Serial Number"), "1", "U"),
        Row("6", "HAS OBS CONTEXT", "TEXT", dcm("121197", "Device Subject Physical Location during observation"), "1", "U"),
    ),
    has_order=True,
)

TID_1006 = TemplateTable(
    "1006",
    "Subject Context",
    (
        Row("1", "HAS OBS CONTEXT", "CODE", dcm("121024", "Subject Class"), "1", "MC", values=closed(271), condition=any_present("3", "4", "5")),
        Include("2", TID_1007, "1", "UC", condition=value_is("1", PATIENT, or_absent=True).exclusively),
        Include("3", TID_1008, "1", "MC", condition=value_is("1", FETUS).exclusively),
        Include("4", TID_1009, "1", "MC", condition=value_is("1", SPECIMEN).exclusively),
        Include("5", TID_1010, "1", "MC", condition=value_is("1", DEVICE_SUBJECT).exclusively),
    ),
    is_extensible=False,
    has_order=True,
)

TID_1001 = TemplateTable(
    "1001",
    "Observation Context",
    (
        Include("1", TID_1002, "1-n", "U"),
        Include("2", TID_1005, "1", "U"),
        Include("3", TID_1006, "1", "U"),
    ),
    is_extensible=False,
    has_order=True,
)

TID_1000 = TemplateTable(
    "1000",
    "Quotation",
    (
        Row("1", "HAS OBS CONTEXT", "CODE", dcm("121001", "Quotation Mode"), "1", "M"),
        Row("2", "HAS OBS CONTEXT", "COMPOSITE", dcm("121002", "Quoted Source"), "1", "U"),
        Include("3", TID_1001, "1", "M"),
    ),
    has_order=True,
)

TID_1204 = TemplateTable(
    "1204",
    "Language of Content Item and Descendants",
    (
        Row("1", "HAS CONCEPT MOD", "CODE", dcm("121049", "Language of Content Item and Descendants"), "1", "M", values=defined(5000)),
        Row("2", "HAS CONCEPT MOD", "CODE", dcm("121046", "Country of Language"), "1", "U", under="1", values=defined(5001)),
    ),
    is_extensible=False,
    has_order=True,
)

TID_4019 = TemplateTable(
    "4019",
    "Algorithm Identification",
    (
        Row("1", "HAS CONCEPT MOD", "TEXT", dcm("111001", "Algorithm Name"), "1", "M"),
        Row("1b", "HAS CONCEPT MOD", "CODE", dcm("111001", "Algorithm Name"), "1", "U"),
        Row("2", "HAS CONCEPT MOD", "TEXT", dcm("111003", "Algorithm Version"), "1", "M"),
        Row("2b", "HAS CONCEPT MOD", "TEXT", dcm("122405", "Algorithm Manufacturer"), "1", "U"),
        Row("3", "HAS CONCEPT MOD", "TEXT", dcm("111002", "Algorithm Parameters"), "1-n", "U"),
        Row("4", "HAS CONCEPT MOD", "CODE", dcm("111000", "Algorithm Family"), "1", "U"),
    ),
    is_extensible=False,
    has_order=True,
)

TID_4108 = TemplateTable(
    "4108",
    "Tracking Identifier",
    (
        Row("1", "HAS OBS CONTEXT", "TEXT", dcm("112039", "Tracking Identifier"), "1", "MC", condition=none_present("2")),
        Row("2", "HAS OBS CONTEXT", "UIDREF", dcm("112040", "Tracking Unique Identifier"), "1", "MC", condition=none_present("1")),
    ),
    is_extensible=False,
    has_order=True,
)
# fmt: on
