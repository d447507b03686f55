"""Measurements of speed and memory over the real web server: `python -m bench` prints them."""
