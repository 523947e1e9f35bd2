"""Learns from alignments and decisions what models then serve."""
