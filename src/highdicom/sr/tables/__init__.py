"""Templates of PS3.16 as tables, row by row."""
