"""Every public list as a file that programs and spreadsheets read: CSV, GeoJSON, Atom."""
