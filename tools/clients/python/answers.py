"""Reads the two topics answers come by, from before the run, without a consumer group of its own to leave behind."""

import time
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from contracts import Contracts
from requests_to_send import UPSTREAM, Sale

OUTCOMES = "payments.outcomes.v1"
REFUSED = "payments.refused.v1"


@dataclass
class Answers:
    """Everything that was said about this run's operations, and nothing about anybody else's."""

    # By operation id, each different record value with how often it came, and the keys it came under.
    outcomes: dict[str, dict[bytes, int]] = field(default_factory=dict)
    outcome_keys: dict[str, set[bytes]] = field(default_factory=dict)
    # By event id, the refusals as they came, and the keys of their records.
    refusals: dict[str, list] = field(default_factory=dict)
    refusal_keys: dict[str, set[bytes]] = field(default_factory=dict)
    undecodable: int = 0
    cut_marks: int = 0


class AnswerReader:
    def __init__(self, brokers: str, contracts: Contracts) -> None:
        self._contracts = contracts
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers,
                # Required by the library; partitions are assigned by hand and nothing is committed.
                "group.id": UPSTREAM,
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
            }
        )
        self._known: set[str] = set()
        self.answers = Answers()

    def start_here(self) -> None:
        """Takes the position of this moment: answers to what is sent from now on come behind it."""
        places = []
        for topic in (OUTCOMES, REFUSED):
            metadata = self._consumer.list_topics(topic, timeout=10).topics[topic]
            if metadata.error is not None:
                raise KafkaException(metadata.error)
            for partition in metadata.partitions:
                _, end = self._consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
                places.append(TopicPartition(topic, partition, end))
        self._consumer.assign(places)

    def expect(self, sales: list[Sale]) -> None:
        self._known = {sale.operation_id for sale in sales}

    def read_until(self, is_enough, within_seconds: float) -> bool:
        """Reads until `is_enough(answers)`; False where the time ran out first."""
        until = time.monotonic() + within_seconds
        while not is_enough(self.answers):
            if time.monotonic() > until:
                return False
            self._read(0.1)
        return True

    def read_for(self, seconds: float) -> None:
        self.read_until(lambda _: False, seconds)

    def close(self) -> None:
        self._consumer.close()

    def _read(self, seconds: float) -> None:
        for record in self._consumer.consume(500, seconds):
            if record.error() is not None:
                if record.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(record.error())
            elif record.topic() == OUTCOMES:
                self._take_outcome(record.key(), record.value())
            else:
                self._take_refusal(record.key(), record.value())

    def _take_outcome(self, key: bytes, value: bytes) -> None:
        outcome = self._parse(self._contracts.OutcomeRecorded, value)
        if outcome is None:
            return
        if outcome.HasField("cut"):
            # The end of a settlement cycle, no outcome.
            self.answers.cut_marks += 1
            return
        if outcome.operation_id not in self._known:
            return
        seen = self.answers.outcomes.setdefault(outcome.operation_id, {})
        seen[value] = seen.get(value, 0) + 1
        self.answers.outcome_keys.setdefault(outcome.operation_id, set()).add(key)

    def _take_refusal(self, key: bytes, value: bytes) -> None:
        refusal = self._parse(self._contracts.OperationRefused, value)
        if refusal is None:
            return
        if refusal.operation_id not in self._known and refusal.upstream_id != UPSTREAM:
            return
        self.answers.refusals.setdefault(refusal.event_id, []).append(refusal)
        self.answers.refusal_keys.setdefault(refusal.event_id, set()).add(key)

    def _parse(self, message_type, value: bytes):
        message = message_type()
        try:
            message.ParseFromString(value)
        except Exception:
            self.answers.undecodable += 1
            return None
        return message
