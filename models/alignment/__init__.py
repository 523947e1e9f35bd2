"""Query to suggestions: candidates are found and judged, and the answer told with its reasons."""
