"""Reading folders, tables, arrays and streams; decoding; preparation; cache; duplicates; split."""
