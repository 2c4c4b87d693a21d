"""Image references: which part a person reads as the version."""

from __future__ import annotations


def version(image: str) -> str:
    """Return the tag of *image*, a short digest where it has none, "latest" where neither.

    A registry's port is no tag: `registry:5000/o2-gen` has none.
    """
    name, _, digest = image.partition("@")
    _, colon, tag = name.rpartition("/")[2].rpartition(":")
    if colon and tag:
        return tag
    if digest:
        algorithm, _, value = digest.partition(":")
        return f"{algorithm}:{value[:12]}"
    return "latest" if name else ""
