"""Templates of content trees as tables: build, read and check what follows them.

A template of PS3.16 is two things here. A **table** repeats its rows as the standard
prints them; a **class** gives the rows names and types in Python. The constructor (items
in the order of the rows), the properties (items found again in what was read, by whomever
it was written), the recognition among other items and the checks follow from the two.

To add a template:

1. Write its table into `highdicom.sr.tables`, one `Row` or `Include` a line::

       TID_1204 = TemplateTable(
           "1204",
           "Language of Content Item and Descendants",
           (
               Row("1", "HAS CONCEPT MOD", "CODE", LANGUAGE, "1", "M"),
               Row("2", "HAS CONCEPT MOD", "CODE", COUNTRY, "1", "U", under="1"),
           ),
       )

   A row has its number, relationship, value type, concept name, multiplicity and
   requirement; where the standard says so, also the row it is nested in (``under``), the
   codes to choose from (``values``, ``units``) and a ``condition``. An `Include` names the
   table of the other template. A template with one row that encloses all others has a
   root; others are a list of siblings.

2. Write its class into `highdicom.sr.templates`: a line for each row that callers give
   or ask for, in the order of the constructor's parameters::

       class LanguageOfContentItemAndDescendants(Template, table=TID_1204):
           language: Coded = value("1")
           country: OptionalCoded = value("2", default=None)

   `value` is for rows whose item is made of a text, code, number ...; `content_item` for
   those that are given ready-made; `included` for those that include a template that has
   a class; `together` for several that are given as one sequence; `part` for the name,
   value or unit of the root. ``"11.2"`` is row 2 of the template that row 11 includes.
   What depends on several arguments is checked in `check_arguments`.

3. If documents follow the template as a whole, add the table to
   `highdicom.sr.tables.roots`, so that they are checked against it.

`highdicom.sr.tables.echocardiography` and `highdicom.sr.templates.echocardiography` are
an example of all that.
"""
