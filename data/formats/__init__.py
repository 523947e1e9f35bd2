"""Formats: bytes ↔ records. A format is one file here, registered in `registry.py`."""
