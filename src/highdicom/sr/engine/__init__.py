"""Templates of content trees as tables: build, read and check what follows them.

A table repeats the rows of a template as PS3.16 prints them. A class gives some of the
rows names and types in Python::

    TID_1204 = TemplateTable("1204", "Language of Content Item and Descendants", (
        Row("1", "HAS CONCEPT MOD", "CODE", LANGUAGE, "1", "M"),
        Row("2", "HAS CONCEPT MOD", "CODE", COUNTRY, "1", "U", under="1"),
    ))

    class LanguageOfContentItemAndDescendants(Template, table=TID_1204):
        language: Coded = coded("1")

Constructor, properties, recognition of content that was read, and checks follow from
the two.
"""
