"""Tests of the ways in besides the site."""
