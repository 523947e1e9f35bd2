"""What changed from one profile to another, rule by rule."""

from dataclasses import dataclass
from typing import Any

from evaluation.conformance.profile import Profile, Rule, check_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A rule that both have, and the fields in which they differ: name, before, after."""

    rule: str
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Rules that only the second has, only the first, and those that differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]

    @property
    def is_none(self) -> bool:
        """Whether both have the same rules."""
        return not (self.added or self.removed or self.changed)


def difference(before: Profile, after: Profile) -> Difference:
    """Rules that were added, removed or changed, in the order of their profile."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    both = (_changed(old[id_], new[id_]) for id_ in old if id_ in new)
    return Difference(
        added=tuple(id_ for id_ in new if id_ not in old),
        removed=tuple(id_ for id_ in old if id_ not in new),
        changed=tuple(one for one in both if one.fields),
    )


def _changed(old: Rule, new: Rule) -> Changed:
    before, after = _fields(old), _fields(new)
    return Changed(
        rule=old.id,
        fields=tuple(
            (name, before[name], after[name]) for name in before if before[name] != after[name]
        ),
    )


def _fields(rule: Rule) -> dict[str, Any]:
    plain = {
        name: getattr(rule, name)
        for name in ("group", "title", "why", "mend", "scope", "severity", "applies_to")
    }
    plain["scope"], plain["severity"] = rule.scope.value, rule.severity.value
    plain["applies_to"] = {name: list(values) for name, values in rule.applies_to.items()}
    parameters = rule.check.model_dump(mode="json") if rule.check else {}
    plain["check"] = {"name": check_name(rule.check), **parameters} if rule.check else None
    return plain
