"""The adapter for solar plants and batteries that speak SunSpec over Modbus TCP.

Importing this package costs nothing: `SunSpecAdapter` is imported when it is asked for, and
pymodbus and pysunspec2 only when a device is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.sunspec.adapter import SunSpecAdapter

__all__ = ["SunSpecAdapter"]


def __getattr__(name: str) -> Any:
    if name == "SunSpecAdapter":
        from adapters.sunspec.adapter import SunSpecAdapter

        return SunSpecAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
