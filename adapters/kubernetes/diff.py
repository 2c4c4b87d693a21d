"""The difference between two pod templates, in words: image, env, command, resources, probes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from adapters.contract import Change

LONGEST = 2000
"""Characters of one value."""
_ORDER = ("image", "env", "command", "args", "resources", "probes")
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_SENSITIVE = re.compile(r"passw|secret|token|api_?key|private|credential", re.IGNORECASE)
_TITLES = {"containers": "container", "initContainers": "init container"}


class _Line:
    """One value of a template: where it is, its group for sorting, what it reads as."""

    __slots__ = ("group", "hidden", "owner", "value")

    def __init__(self, owner: str, group: str, value: str, hidden: bool = False) -> None:
        self.owner = owner
        self.group = group
        self.value = value
        self.hidden = hidden


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs, images first. A value that may be a secret is named and not shown."""
    old, new = _lines(before), _lines(after)
    found = []
    for path in old | new:
        was, becomes = old.get(path), new.get(path)
        if was is not None and becomes is not None and was.value == becomes.value:
            continue
        line = becomes or was
        assert line is not None  # noqa: S101  (the path is in one of the two)
        order = _ORDER.index(line.group) if line.group in _ORDER else len(_ORDER)
        both = was is not None and becomes is not None
        change = Change(path, _shown(was, False), _shown(becomes, both))
        found.append((order, change))
    found.sort(key=lambda each: each[0])
    return tuple(change for _, change in found)


def unchanged(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return, for each container and the rest of the pod, what stays as it is."""
    old, new = _lines(before), _lines(after)
    groups: dict[str, dict[str, bool]] = {}
    for path in new | old:
        was, becomes = old.get(path), new.get(path)
        line = becomes or was
        assert line is not None  # noqa: S101  (the path is in one of the two)
        same = was is not None and becomes is not None and was.value == becomes.value
        group = groups.setdefault(line.owner, {})
        group[line.group] = group.get(line.group, True) and same
    found = []
    for owner, names in groups.items():
        same_names = [name for name, same in names.items() if same]
        if same_names:
            found.append(f"{owner}: {', '.join(same_names)}")
    return tuple(found)


def annotation_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what differs between the annotations of a workload before and after."""
    return tuple(
        Change(f"annotation {name}", _cut(before.get(name)), _cut(after.get(name)))
        for name in sorted({**before, **after})
        if before.get(name) != after.get(name)
    )


def _shown(line: _Line | None, different: bool) -> str | None:
    if line is None:
        return None
    if line.hidden:
        return "(another value, hidden)" if different else "(a value, hidden)"
    return _cut(line.value)


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _lines(template: Mapping[str, Any]) -> dict[str, _Line]:
    found: dict[str, _Line] = {}
    spec = _map(template.get("spec"))
    for field, title in _TITLES.items():
        for number, container in enumerate(_list(spec.get(field))):
            each = _map(container)
            owner = f"{title} {each.get('name') or number}"
            for name, group, value, hidden in _container(each):
                found[_unused(found, f"{owner}: {name}")] = _Line(owner, group, value, hidden)
    metadata = _map(template.get("metadata"))
    for field, title in (("labels", "label"), ("annotations", "annotation")):
        for name, value in _map(metadata.get(field)).items():
            found[f"pod: {title} {name}"] = _Line("pod", field, str(value))
    for field, value in spec.items():
        if field not in _TITLES:
            for name, text in _flat(field, value):
                found[_unused(found, f"pod: {name}")] = _Line("pod", field, text)
    return found


def _unused(found: Mapping[str, Any], path: str) -> str:
    """Return *path*, numbered where it is taken: two env entries of one name are both shown."""
    if path not in found:
        return path
    return next(p for n in range(2, len(found) + 3) if (p := f"{path} ({n})") not in found)


def _container(container: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield (name, group, value, hidden) of what a container is."""
    for field, value in container.items():
        if field == "name":
            continue
        if field in ("command", "args"):
            yield field, field, shlex.join(map(str, _list(value))), False
        elif field == "env":
            for entry in map(_map, _list(value)):
                name = str(entry.get("name", ""))
                hidden = "valueFrom" not in entry and bool(_SENSITIVE.search(name))
                yield f"env {name}", "env", _env(entry), hidden
        elif field == "envFrom":
            for entry in map(_map, _list(value)):
                yield f"env from {_source(entry)}", "env", _json(entry), False
        elif field == "ports":
            for entry in map(_map, _list(value)):
                port = f"{entry.get('containerPort')}/{entry.get('protocol', 'TCP')}"
                yield f"port {entry.get('name') or port}", "ports", port, False
        elif field == "volumeMounts":
            for entry in map(_map, _list(value)):
                rest = {name: each for name, each in entry.items() if name != "mountPath"}
                yield f"mount {entry.get('mountPath')}", "mounts", _json(rest), False
        else:
            group = "probes" if field in _PROBES else field
            for name, text in _flat(field, value):
                yield name, group, text, False


def _env(entry: Mapping[str, Any]) -> str:
    """Return an environment variable's value, or what it is taken from; a Secret's is not read."""
    source = _map(entry.get("valueFrom"))
    if not source:
        return str(entry.get("value", ""))
    for field, title in (("secretKeyRef", "secret"), ("configMapKeyRef", "config map")):
        if field in source:
            reference = _map(source[field])
            return f"from {title} {reference.get('name')}, key {reference.get('key')}"
    if "fieldRef" in source:
        return f"from field {_map(source['fieldRef']).get('fieldPath')}"
    if "resourceFieldRef" in source:
        return f"from resource {_map(source['resourceFieldRef']).get('resource')}"
    return f"from {_json(source)}"


def _source(entry: Mapping[str, Any]) -> str:
    for field, title in (("secretRef", "secret"), ("configMapRef", "config map")):
        if field in entry:
            return f"{title} {_map(entry[field]).get('name')}"
    return "elsewhere"


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield dotted paths and values; a list's members are known by their names where they can."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _flat(f"{path}.{name}", each)
    elif isinstance(value, list) and value:
        for number, each in enumerate(value):
            name = each.get("name") if isinstance(each, dict) else None
            if isinstance(name, str):
                rest = {field: inner for field, inner in each.items() if field != "name"}
                yield from _flat(f"{path}[{name}]", rest)
            else:
                yield from _flat(f"{path}[{number}]", each)
    elif value is not None:
        yield path, value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
