"""Checks of what others may do with a resource."""

from typing import Final

from evaluation.conformance.checks.base import ResourceCheck, Seen, Words
from evaluation.conformance.findings import Finding, failed, passed
from evaluation.conformance.licences import is_among, normalised

OPEN: Final = (
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY",
    "CC-BY-SA",
    "CC-PDM-1.0",
    "CC0-1.0",
    "FAL-1.3",
    "GFDL",
    "GPL",
    "MIT",
    "OGL-UK-3.0",
)
"""Those that allow use, change and sharing for any purpose (Open Definition 2.1)."""


class OpenLicence(ResourceCheck):
    """Its licence is one that lets anybody use, change and share it, or one of a list."""

    licences: Words = OPEN

    def __call__(self, seen: Seen) -> Finding:
        """Which licence is stated, if not one of these."""
        said = seen.resource.license
        if not said:
            return failed("no licence is stated")
        known = normalised(said)
        if known is None:
            return failed("«%(said)s» is no licence that is known here", said=said)
        if not is_among(known, self.licences):
            return failed("%(licence)s is not among the licences allowed", licence=known)
        return passed()
