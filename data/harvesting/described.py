"""The metadata of one harvested record → a resource."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from xml.etree.ElementTree import Element

from data.formats.fields import RowError, shown
from data.formats.rows import record
from data.harvesting import dublin_core, lom
from data.harvesting.xml import local
from data.records import Resource

NAMESPACES = ("http://ltsc.ieee.org/xsd/LOM", "http://www.imsglobal.org/xsd/imsmd")
"""How the namespaces of what tells more than Dublin Core begin."""


def resource_of(
    identifier: str, metadata: Element | None, defaults: Mapping[str, str], max_text: int
) -> Resource:
    """Make a resource of metadata in a format that is understood. Raises RowError."""
    if metadata is None:
        raise RowError("it has no metadata")
    root, language = local(metadata), defaults.get("language")
    if root in lom.ROOTS:
        raw = lom.fields_of(metadata, language)
    elif root in dublin_core.ROOTS:
        raw = dublin_core.fields_of(metadata, language)
    else:
        raise RowError(f"its metadata is {shown(root)}; it must be Dublin Core or LOM")
    made = cast(Resource, record(Resource, {**raw, "id": identifier}, max_text))
    return made if made.license else replace(made, license=defaults.get("license"))
