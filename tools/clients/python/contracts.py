"""The contracts as Python classes, generated from the .proto files when the client starts."""

import importlib
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import grpc_tools
from grpc_tools import protoc

WELL_KNOWN = str(Path(grpc_tools.__file__).parent / "_proto")


class Contracts:
    """The three messages an upstream team needs."""

    def __init__(self, proto_root: str) -> None:
        generated = tempfile.TemporaryDirectory(prefix="fourway-contracts-")
        # Kept as long as this object, removed with it.
        self._generated = generated
        sources = sorted(str(path) for path in Path(proto_root).glob("fourway/*/v1/*.proto"))
        status = protoc.main(
            ["protoc", f"-I{proto_root}", f"-I{WELL_KNOWN}", f"--python_out={generated.name}", *sources]
        )
        if status != 0 or not sources:
            raise SystemExit(f"protoc could not generate classes from {proto_root}")
        sys.path.insert(0, generated.name)
        self.requested = self._module("operation_requested")
        self.OperationRequested = self.requested.OperationRequested
        self.OutcomeRecorded = self._module("outcome_recorded").OutcomeRecorded
        self.outcome_status = self._module("outcome_recorded").OutcomeStatus
        self.OperationRefused = self._module("operation_refused").OperationRefused

    @staticmethod
    def _module(name: str) -> ModuleType:
        return importlib.import_module(f"fourway.payments.v1.{name}_pb2")
