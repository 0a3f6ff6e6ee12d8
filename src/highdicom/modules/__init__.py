"""Modules of PS3.3 Annex C as fragments of a dataset."""
