"""The only place that speaks SQL: records in, records out."""

from data.catalogue.arrivals import Fate, Taken
from data.catalogue.catalogue import Catalogue
from data.catalogue.paging import Page

__all__ = ["Catalogue", "Fate", "Page", "Taken"]
