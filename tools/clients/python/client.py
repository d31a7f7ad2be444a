"""An upstream service that nobody of the project's own stack helped to write: confluent-kafka and classes generated from proto/.

It sends sales, sends some of them again, contradicts some of them, and tells whether the switch answered as it promises.
Exit status: 0 good, 1 not good, 2 could not run.
"""

import argparse
import json
import sys
import time

from confluent_kafka import KafkaException, Producer

from answers import AnswerReader
from contracts import Contracts
from requests_to_send import Counts, Record, Sale, make_sales
from verdict import is_all_answered, judge

REQUESTED = "payments.requested.v1"


def main() -> int:
    options = parse_arguments()
    with open(options.stack, encoding="utf-8") as file:
        stack = json.load(file)
    with open(options.material, encoding="utf-8") as file:
        material = json.load(file)
    contracts = Contracts(stack["protoRoot"])
    report = run(stack["kafka"], contracts, material, options)
    if options.json is not None:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
            file.write("\n")
    print_report(report)
    return 0 if report["good"] else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stack", required=True, help="the file a stack's `up --json FILE` keeps")
    parser.add_argument("--material", required=True, help="JSON: merchants [{merchantId, terminalId}] and cardTokens")
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--duplicates", type=int, default=100, help="requests that are sent a second time as they are")
    parser.add_argument("--conflicts", type=int, default=20, help="requests that come again with another amount")
    parser.add_argument("--wait-seconds", type=float, default=60, help="how long answers may take")
    parser.add_argument("--json", help="write the figures for machines")
    options = parser.parse_args()
    if options.duplicates + options.conflicts > options.requests:
        parser.error("no request is both duplicated and contradicted: --duplicates + --conflicts <= --requests")
    return options


def run(brokers: str, contracts: Contracts, material: dict, options: argparse.Namespace) -> dict:
    reader = AnswerReader(brokers, contracts)
    try:
        reader.start_here()
        sales = make_sales(contracts, material, Counts(options.requests, options.duplicates, options.conflicts))
        reader.expect(sales)
        started = time.monotonic()
        produce(brokers, first_wave(sales))
        reader.read_until(lambda answers: len(answers.outcomes) == len(sales), options.wait_seconds)
        answered = time.monotonic()
        # The other half comes again when everything has long been decided.
        produce(brokers, second_wave(sales))
        reader.read_until(lambda answers: is_all_answered(sales, answers), options.wait_seconds)
        # What should not come would come now.
        reader.read_for(3)
        report = judge(contracts, sales, reader.answers)
        return {**report, "secondsToAllOutcomes": round(answered - started, 3)}
    finally:
        reader.close()


def first_wave(sales: list[Sale]) -> list[Record]:
    """Every request, and at once behind it what comes again early."""
    return [
        record for sale in sales for record in (sale.request, *(() if sale.repeats_late else sale.repeats))
    ]


def second_wave(sales: list[Sale]) -> list[Record]:
    return [record for sale in sales if sale.repeats_late for record in sale.repeats]


def produce(brokers: str, records: list[Record]) -> None:
    """Returns when the broker has acknowledged all of them; only then are they accepted."""
    producer = Producer(
        {
            "bootstrap.servers": brokers,
            "acks": "all",
            "enable.idempotence": True,
            # The hash the Java clients use, so that every producer puts a payment into the same partition.
            "partitioner": "murmur2_random",
            "linger.ms": 5,
        }
    )
    failed = []
    for record in records:
        producer.produce(
            REQUESTED,
            key=record.key,
            value=record.value,
            on_delivery=lambda error, _: failed.append(error) if error is not None else None,
        )
        producer.poll(0)
    left = producer.flush(30)
    if left > 0 or failed:
        raise KafkaException(failed[0] if failed else f"{left} records were not acknowledged in 30 s")


def print_report(report: dict) -> None:
    rows = [
        ("operations sent", report["operations"]),
        ("of these sent again, byte for byte", report["duplicatesSent"]),
        ("of these contradicted", report["conflictsSent"]),
        ("operations with exactly one outcome", report["operationsWithOneOutcome"]),
        *((f"outcomes: {status}", count) for status, count in report["outcomesByStatus"].items()),
        ("the same outcome again", report["repeatedAnswers"]),
        *((f"refusals: {code}", count) for code, count in report["refusalsByCode"].items()),
        ("seconds to the last outcome", report["secondsToAllOutcomes"]),
    ]
    for name, value in rows:
        print(f"  {name:<38} {value:>10}")
    for fault in report["faults"]:
        print(f"  ! {fault}")
    more = report["faultCount"] - len(report["faults"])
    if more > 0:
        print(f"  ! and {more} more")
    print(f"python client: {'good' if report['good'] else 'NOT good'}; {report['faultCount']} faults")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KafkaException, OSError, KeyError, ValueError) as error:
        print(f"python client: could not run: {error!r}", file=sys.stderr)
        sys.exit(2)
