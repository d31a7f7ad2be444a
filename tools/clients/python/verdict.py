"""Holds the answers against what was sent."""

from collections import Counter

from answers import Answers
from contracts import Contracts
from requests_to_send import Sale

MOST_FAULTS = 20


def is_all_answered(sales: list[Sale], answers: Answers) -> bool:
    """True when nothing more is to come, as far as it can be told."""
    return all(
        _times_answered(sale, answers) >= (2 if _is_answered_again(sale) else 1)
        and (sale.conflict_event_id is None or sale.conflict_event_id in answers.refusals)
        for sale in sales
    )


def _is_answered_again(sale: Sale) -> bool:
    """A request that comes again after its outcome is answered by that outcome; one that comes before may join the first."""
    return sale.duplicate is not None and sale.repeats_late


def _times_answered(sale: Sale, answers: Answers) -> int:
    return sum(answers.outcomes.get(sale.operation_id, {}).values())


def judge(contracts: Contracts, sales: list[Sale], answers: Answers) -> dict:
    """The figures of the run; `good` where every operation has one outcome and every conflict its refusal, and nothing else."""
    faults: list[str] = []
    statuses: Counter = Counter()
    for sale in sales:
        seen = answers.outcomes.get(sale.operation_id, {})
        faults.extend(_outcome_faults(contracts, sale, seen, answers, statuses))
    expected = {sale.conflict_event_id: sale for sale in sales if sale.conflict_event_id is not None}
    refusal_faults, codes = _refusal_faults(expected, answers)
    faults.extend(refusal_faults)
    if answers.undecodable > 0:
        faults.append(f"{answers.undecodable} records could not be decoded with classes generated from proto/")
    return {
        "operations": len(sales),
        "duplicatesSent": sum(sale.duplicate is not None for sale in sales),
        "conflictsSent": len(expected),
        "operationsWithOneOutcome": sum(len(answers.outcomes.get(sale.operation_id, {})) == 1 for sale in sales),
        "outcomesByStatus": dict(sorted(statuses.items())),
        "repeatedAnswers": sum(max(0, _times_answered(sale, answers) - 1) for sale in sales),
        "refusalsByCode": dict(sorted(codes.items())),
        "cutMarksSeen": answers.cut_marks,
        "faults": faults[:MOST_FAULTS],
        "faultCount": len(faults),
        "good": not faults,
    }


def _outcome_faults(contracts: Contracts, sale: Sale, seen: dict[bytes, int], answers: Answers, statuses: Counter):
    if len(seen) != 1:
        return [f"{sale.operation_id} has {len(seen)} distinct outcomes"]
    outcome = contracts.OutcomeRecorded()
    outcome.ParseFromString(next(iter(seen)))
    statuses[contracts.outcome_status.Name(outcome.status).removeprefix("OUTCOME_STATUS_").lower()] += 1
    wanted = {
        "schema_version": 1,
        "root_id": sale.operation_id,
        "sequence": 1,
        "merchant_id": sale.merchant_id,
        "merchant_order_no": sale.merchant_order_no,
        "amount_minor": sale.amount_minor,
        "currency": "CNY",
    }
    faults = [
        f"{sale.operation_id}: {name} is {getattr(outcome, name)!r}, sent was {value!r}"
        for name, value in wanted.items()
        if getattr(outcome, name) != value
    ]
    if outcome.status == 0:
        faults.append(f"{sale.operation_id}: its outcome says nothing")
    if _is_answered_again(sale) and sum(seen.values()) < 2:
        faults.append(f"{sale.operation_id}: the same request after its outcome was not answered again")
    if answers.outcome_keys[sale.operation_id] != {sale.merchant_id.encode()}:
        faults.append(f"{sale.operation_id}: its outcome is not keyed by its merchant")
    return faults


def _refusal_faults(expected: dict[str, Sale], answers: Answers) -> tuple[list[str], Counter]:
    faults: list[str] = []
    codes: Counter = Counter()
    for event_id, sale in expected.items():
        refusals = answers.refusals.get(event_id, [])
        distinct = {(refusal.operation_id, refusal.code) for refusal in refusals}
        if distinct != {(sale.operation_id, "conflict")}:
            faults.append(f"the conflicting record {event_id} was answered by {sorted(distinct) or 'nothing'}")
        elif answers.refusal_keys[event_id] != {event_id.encode()}:
            faults.append(f"the refusal of {event_id} is not keyed by it")
    for event_id, refusals in answers.refusals.items():
        codes.update({refusal.code for refusal in refusals})
        if event_id not in expected:
            faults.append(f"{event_id} was refused ({refusals[0].code}) and should not have been")
    return faults, codes
