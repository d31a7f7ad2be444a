"""What the client asks for: sales, some of them sent again as they are, some again with another amount under the same id."""

import random
import time
from dataclasses import dataclass

from contracts import Contracts
from uuid7 import uuid7

UPSTREAM = "python-client"


@dataclass(frozen=True)
class Record:
    """One record of payments.requested.v1."""

    key: bytes
    value: bytes


@dataclass(frozen=True)
class Sale:
    """One operation, and everything that is sent for it."""

    operation_id: str
    merchant_id: str
    merchant_order_no: str
    amount_minor: int
    request: Record
    duplicate: Record | None
    conflict: Record | None
    # Event id of the conflicting record; its refusal is keyed by it.
    conflict_event_id: str | None
    # True where what comes again comes when the operation has long been decided.
    repeats_late: bool

    @property
    def repeats(self) -> list[Record]:
        return [record for record in (self.duplicate, self.conflict) if record is not None]


@dataclass(frozen=True)
class Counts:
    requests: int
    duplicates: int
    conflicts: int


def make_sales(contracts: Contracts, material: dict, counts: Counts) -> list[Sale]:
    """The sales of a run in random order; what comes again comes at once for every other one, late for the rest."""
    choose = random.Random()
    roles = (
        ["duplicate"] * counts.duplicates
        + ["conflict"] * counts.conflicts
        + ["once"] * (counts.requests - counts.duplicates - counts.conflicts)
    )
    choose.shuffle(roles)
    sales = []
    turns = {"duplicate": False, "conflict": False, "once": False}
    for role in roles:
        turns[role] = not turns[role]
        sales.append(_make_sale(contracts, material, choose, role, turns[role]))
    return sales


def _make_sale(
    contracts: Contracts, material: dict, choose: random.Random, role: str, repeats_late: bool
) -> Sale:
    merchant = choose.choice(material["merchants"])
    operation_id = uuid7()
    # Whole yuan: simulated acquirers decline by the last two digits of the amount.
    amount_minor = choose.randint(1, 300) * 100
    message = contracts.OperationRequested(
        schema_version=1,
        event_id=uuid7(),
        operation_id=operation_id,
        root_id=operation_id,
        kind=contracts.requested.OPERATION_KIND_SALE,
        merchant_id=merchant["merchantId"],
        terminal_id=merchant["terminalId"],
        merchant_order_no=operation_id.replace("-", ""),
        amount_minor=amount_minor,
        currency="CNY",
        card_token=choose.choice(material["cardTokens"]),
        presentment=contracts.requested.PRESENTMENT_MERCHANT,
        requested_at_ms=time.time_ns() // 1_000_000,
        upstream_id=UPSTREAM,
    )
    # The key is the root payment id: all records of one payment stay in order, in one partition.
    request = Record(operation_id.encode(), message.SerializeToString())
    conflict = None
    conflict_event_id = None
    if role == "conflict":
        conflict_event_id = uuid7()
        message.event_id = conflict_event_id
        message.amount_minor = amount_minor + 100
        conflict = Record(request.key, message.SerializeToString())
    return Sale(
        operation_id=operation_id,
        merchant_id=merchant["merchantId"],
        merchant_order_no=operation_id.replace("-", ""),
        amount_minor=amount_minor,
        request=request,
        duplicate=request if role == "duplicate" else None,
        conflict=conflict,
        conflict_event_id=conflict_event_id,
        repeats_late=repeats_late,
    )
