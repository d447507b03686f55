"""The morning report by mail."""
