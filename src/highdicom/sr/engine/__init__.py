"""Templates of content trees as tables: build, read and check what follows them.

A template of PS3.16 is two things here. A **table** repeats its rows as the standard
prints them; a **class** gives the rows names and types in Python. The constructor (items
in the order of the rows), the properties (items found again in what was read, by whomever
it was written), the recognition among other items and the checks follow from the two.

How to add a template is described step by step in ``docs/how-to/add-a-template.md``;
`highdicom.sr.tables.echocardiography` and `highdicom.sr.templates.echocardiography` are
an example of a whole report.
"""
