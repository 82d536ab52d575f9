"""Whatever holds labelled items, read into a `Dataset`: folders, tables, arrays, streams."""
