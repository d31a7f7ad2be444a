"""UUID version 7 (RFC 9562, section 5.7): the ids of operations."""

import secrets
import time
import uuid


def uuid7(unix_ms: int | None = None) -> str:
    """A new id: 48 bits of Unix milliseconds, version 7, variant 10, and 74 random bits."""
    if unix_ms is None:
        unix_ms = time.time_ns() // 1_000_000
    value = unix_ms << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
