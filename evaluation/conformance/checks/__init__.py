"""All checks by the names that profiles call them by."""

from typing import Final

from evaluation.conformance.checks.base import PlatformCheck, ResourceCheck
from evaluation.conformance.checks.licence import OpenLicence
from evaluation.conformance.checks.metadata import (
    AgeRange,
    Aligned,
    Declares,
    Fresh,
    Language,
    Present,
)
from evaluation.conformance.checks.platform import (
    AttributionStated,
    CoverageOf,
    Feature,
    Languages,
    LicenceStated,
    ShareOf,
)
from evaluation.conformance.checks.reach import LinkAlive, Offline, SecureAddress
from evaluation.conformance.checks.wording import NoPersonalData, Readable

RESOURCE: Final[dict[str, type[ResourceCheck]]] = {
    "age_range": AgeRange,
    "aligned": Aligned,
    "declares": Declares,
    "fresh": Fresh,
    "language": Language,
    "link_alive": LinkAlive,
    "no_personal_data": NoPersonalData,
    "offline": Offline,
    "open_licence": OpenLicence,
    "present": Present,
    "readable": Readable,
    "secure_address": SecureAddress,
}
PLATFORM: Final[dict[str, type[PlatformCheck]]] = {
    "attribution_stated": AttributionStated,
    "coverage": CoverageOf,
    "feature": Feature,
    "languages": Languages,
    "licence_stated": LicenceStated,
    "share": ShareOf,
}
