"""The adapter for Kubernetes, MetalLB on it, and Rancher in front of it.

Importing this package costs nothing: `KubernetesAdapter` is imported when it is asked for, and
httpx, ssl and yaml only when a connection is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.kubernetes.adapter import KubernetesAdapter

__all__ = ["KubernetesAdapter"]


def __getattr__(name: str) -> Any:
    if name == "KubernetesAdapter":
        from adapters.kubernetes.adapter import KubernetesAdapter

        return KubernetesAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
