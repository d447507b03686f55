"""Flat illustrations of streets, parks and shores, drawn for the demo city's photographs."""
