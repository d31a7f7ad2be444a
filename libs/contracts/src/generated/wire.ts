// Generated from proto/ by tools/proto/generate.mjs; change the .proto and run `npm run proto:generate`.
import type Long from 'long';

export interface OperationRefused {
  schemaVersion: number;
  eventId: string;
  operationId: string;
  merchantId: string;
  code: string;
  field: string;
  rule: string;
  remedy: string;
  upstreamId: string;
  sourcePartition: number;
  sourceOffset: Long;
  refusedAtMs: Long;
  retryAfterMs: number;
}

export const OperationKind = {"OPERATION_KIND_UNSPECIFIED":0,"OPERATION_KIND_SALE":1,"OPERATION_KIND_AUTHORIZE":2,"OPERATION_KIND_CAPTURE":3,"OPERATION_KIND_VOID":4,"OPERATION_KIND_REFUND":5,"OPERATION_KIND_REVERSAL":6} as const;
export type OperationKind = (typeof OperationKind)[keyof typeof OperationKind];

export const Presentment = {"PRESENTMENT_UNSPECIFIED":0,"PRESENTMENT_MERCHANT":1,"PRESENTMENT_CONSUMER":2} as const;
export type Presentment = (typeof Presentment)[keyof typeof Presentment];

export interface OperationRequested {
  schemaVersion: number;
  eventId: string;
  operationId: string;
  rootId: string;
  kind: OperationKind;
  merchantId: string;
  terminalId: string;
  merchantOrderNo: string;
  amountMinor: Long;
  currency: string;
  cardToken: string;
  presentment: Presentment;
  requestedAtMs: Long;
  expiresAtMs: Long;
  upstreamId: string;
  originalOperationId: string;
}

export const RiskVerdict = {"RISK_VERDICT_UNSPECIFIED":0,"RISK_VERDICT_ACCEPT":1,"RISK_VERDICT_DECLINE":2} as const;
export type RiskVerdict = (typeof RiskVerdict)[keyof typeof RiskVerdict];

export interface OperationScored {
  schemaVersion: number;
  operation: OperationRequested;
  verdict: RiskVerdict;
  score: number;
  reasons: string[];
  degraded: boolean;
  sourcePartition: number;
  sourceOffset: Long;
  scoredAtMs: Long;
}

export const OutcomeStatus = {"OUTCOME_STATUS_UNSPECIFIED":0,"OUTCOME_STATUS_APPROVED":1,"OUTCOME_STATUS_DECLINED":2,"OUTCOME_STATUS_REVERSED":3,"OUTCOME_STATUS_EXPIRED":4} as const;
export type OutcomeStatus = (typeof OutcomeStatus)[keyof typeof OutcomeStatus];

export const CardType = {"CARD_TYPE_UNSPECIFIED":0,"CARD_TYPE_DEBIT":1,"CARD_TYPE_CREDIT":2} as const;
export type CardType = (typeof CardType)[keyof typeof CardType];

export interface CutMark {
  businessDate: string;
  sourcePartition: number;
  sourcePartitions: number;
}

export interface OutcomeRecorded {
  schemaVersion: number;
  operationId: string;
  rootId: string;
  sequence: number;
  kind: OperationKind;
  merchantId: string;
  terminalId: string;
  merchantOrderNo: string;
  status: OutcomeStatus;
  responseCode: string;
  amountMinor: Long;
  currency: string;
  acquirerId: string;
  issuerId: string;
  cardType: CardType;
  rrn: string;
  authCode: string;
  feeContractId: number;
  scenario: string;
  requestedAtMs: Long;
  decidedAtMs: Long;
  businessDate: string;
  cut: CutMark;
  originalOperationId: string;
  originalKind: OperationKind;
}

export const EntityStatus = {"ENTITY_STATUS_UNSPECIFIED":0,"ENTITY_STATUS_ACTIVE":1,"ENTITY_STATUS_SUSPENDED":2,"ENTITY_STATUS_CLOSED":3} as const;
export type EntityStatus = (typeof EntityStatus)[keyof typeof EntityStatus];

export interface AcquirerContract {
  acquirerId: string;
  feeContractId: number;
  weight: number;
}

export interface Merchant {
  merchantId: string;
  name: string;
  mcc: string;
  scenario: string;
  currency: string;
  region: string;
  acquirerContracts: AcquirerContract[];
  providerId: string;
  apiKeyVersion: number;
}

export interface Store {
  storeId: string;
  merchantId: string;
  name: string;
  region: string;
}

export interface Terminal {
  terminalId: string;
  merchantId: string;
  storeId: string;
}

export interface Plate {
  plateId: string;
  merchantId: string;
  storeId: string;
  terminalId: string;
}

export interface Provider {
  providerId: string;
  name: string;
  type: string;
}

export interface Acquirer {
  acquirerId: string;
  name: string;
}

export interface TokenRange {
  first: string;
  last: string;
  cardType: string;
}

export interface Issuer {
  issuerId: string;
  name: string;
  bins: string[];
  tokenRanges: TokenRange[];
}

export interface FeeContract {
  feeContractId: number;
  acquirerId: string;
  providerId: string;
  agentId: string;
  mdrPpm: number;
  issuerDebitPpm: number;
  issuerCreditPpm: number;
  issuerDebitCapMinor: Long;
  networkPpm: number;
  networkCapMinor: Long;
  acquirerParts: number;
  providerParts: number;
  agentParts: number;
}

export interface DirectoryChanged {
  schemaVersion: number;
  version: Long;
  status: EntityStatus;
  changedAtMs: Long;
  merchant?: Merchant | null;
  provider?: Provider | null;
  acquirer?: Acquirer | null;
  issuer?: Issuer | null;
  feeContract?: FeeContract | null;
  store?: Store | null;
  terminal?: Terminal | null;
  plate?: Plate | null;
}

export interface Position {
  participantType: string;
  participantId: string;
  currency: string;
  netMinor: Long;
}

export interface SettlementFile {
  path: string;
  sha256: string;
  count: Long;
  currency: string;
  netMinor: Long;
}

export interface CycleClosed {
  schemaVersion: number;
  cycleId: string;
  closedAtMs: Long;
  positions: Position[];
  files: SettlementFile[];
}

export const businessFields = ["operationId","rootId","kind","merchantId","terminalId","merchantOrderNo","amountMinor","currency","cardToken","presentment","originalOperationId"] as const;

export const descriptor = {
 "nested": {
  "OperationRefused": {
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "eventId": {
     "type": "string",
     "id": 2,
     "protoName": "event_id"
    },
    "operationId": {
     "type": "string",
     "id": 3,
     "protoName": "operation_id"
    },
    "merchantId": {
     "type": "string",
     "id": 4,
     "protoName": "merchant_id"
    },
    "code": {
     "type": "string",
     "id": 5
    },
    "field": {
     "type": "string",
     "id": 6
    },
    "rule": {
     "type": "string",
     "id": 7
    },
    "remedy": {
     "type": "string",
     "id": 8
    },
    "upstreamId": {
     "type": "string",
     "id": 9,
     "protoName": "upstream_id"
    },
    "sourcePartition": {
     "type": "int32",
     "id": 10,
     "protoName": "source_partition"
    },
    "sourceOffset": {
     "type": "int64",
     "id": 11,
     "protoName": "source_offset"
    },
    "refusedAtMs": {
     "type": "int64",
     "id": 12,
     "protoName": "refused_at_ms"
    },
    "retryAfterMs": {
     "type": "uint32",
     "id": 13,
     "protoName": "retry_after_ms"
    }
   }
  },
  "OperationKind": {
   "values": {
    "OPERATION_KIND_UNSPECIFIED": 0,
    "OPERATION_KIND_SALE": 1,
    "OPERATION_KIND_AUTHORIZE": 2,
    "OPERATION_KIND_CAPTURE": 3,
    "OPERATION_KIND_VOID": 4,
    "OPERATION_KIND_REFUND": 5,
    "OPERATION_KIND_REVERSAL": 6
   }
  },
  "Presentment": {
   "values": {
    "PRESENTMENT_UNSPECIFIED": 0,
    "PRESENTMENT_MERCHANT": 1,
    "PRESENTMENT_CONSUMER": 2
   }
  },
  "OperationRequested": {
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "eventId": {
     "type": "string",
     "id": 2,
     "protoName": "event_id"
    },
    "operationId": {
     "type": "string",
     "id": 3,
     "protoName": "operation_id"
    },
    "rootId": {
     "type": "string",
     "id": 4,
     "protoName": "root_id"
    },
    "kind": {
     "type": "OperationKind",
     "id": 5
    },
    "merchantId": {
     "type": "string",
     "id": 6,
     "protoName": "merchant_id"
    },
    "terminalId": {
     "type": "string",
     "id": 7,
     "protoName": "terminal_id"
    },
    "merchantOrderNo": {
     "type": "string",
     "id": 8,
     "protoName": "merchant_order_no"
    },
    "amountMinor": {
     "type": "int64",
     "id": 9,
     "protoName": "amount_minor"
    },
    "currency": {
     "type": "string",
     "id": 10
    },
    "cardToken": {
     "type": "string",
     "id": 11,
     "protoName": "card_token"
    },
    "presentment": {
     "type": "Presentment",
     "id": 12
    },
    "requestedAtMs": {
     "type": "int64",
     "id": 13,
     "protoName": "requested_at_ms"
    },
    "expiresAtMs": {
     "type": "int64",
     "id": 14,
     "protoName": "expires_at_ms"
    },
    "upstreamId": {
     "type": "string",
     "id": 15,
     "protoName": "upstream_id"
    },
    "originalOperationId": {
     "type": "string",
     "id": 16,
     "protoName": "original_operation_id"
    }
   }
  },
  "RiskVerdict": {
   "values": {
    "RISK_VERDICT_UNSPECIFIED": 0,
    "RISK_VERDICT_ACCEPT": 1,
    "RISK_VERDICT_DECLINE": 2
   }
  },
  "OperationScored": {
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "operation": {
     "type": "OperationRequested",
     "id": 2
    },
    "verdict": {
     "type": "RiskVerdict",
     "id": 3
    },
    "score": {
     "type": "uint32",
     "id": 4
    },
    "reasons": {
     "rule": "repeated",
     "type": "string",
     "id": 5
    },
    "degraded": {
     "type": "bool",
     "id": 6
    },
    "sourcePartition": {
     "type": "int32",
     "id": 7,
     "protoName": "source_partition"
    },
    "sourceOffset": {
     "type": "int64",
     "id": 8,
     "protoName": "source_offset"
    },
    "scoredAtMs": {
     "type": "int64",
     "id": 9,
     "protoName": "scored_at_ms"
    }
   }
  },
  "OutcomeStatus": {
   "values": {
    "OUTCOME_STATUS_UNSPECIFIED": 0,
    "OUTCOME_STATUS_APPROVED": 1,
    "OUTCOME_STATUS_DECLINED": 2,
    "OUTCOME_STATUS_REVERSED": 3,
    "OUTCOME_STATUS_EXPIRED": 4
   }
  },
  "CardType": {
   "values": {
    "CARD_TYPE_UNSPECIFIED": 0,
    "CARD_TYPE_DEBIT": 1,
    "CARD_TYPE_CREDIT": 2
   }
  },
  "CutMark": {
   "fields": {
    "businessDate": {
     "type": "string",
     "id": 1,
     "protoName": "business_date"
    },
    "sourcePartition": {
     "type": "uint32",
     "id": 2,
     "protoName": "source_partition"
    },
    "sourcePartitions": {
     "type": "uint32",
     "id": 3,
     "protoName": "source_partitions"
    }
   }
  },
  "OutcomeRecorded": {
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "operationId": {
     "type": "string",
     "id": 2,
     "protoName": "operation_id"
    },
    "rootId": {
     "type": "string",
     "id": 3,
     "protoName": "root_id"
    },
    "sequence": {
     "type": "uint32",
     "id": 4
    },
    "kind": {
     "type": "OperationKind",
     "id": 5
    },
    "merchantId": {
     "type": "string",
     "id": 6,
     "protoName": "merchant_id"
    },
    "terminalId": {
     "type": "string",
     "id": 7,
     "protoName": "terminal_id"
    },
    "merchantOrderNo": {
     "type": "string",
     "id": 8,
     "protoName": "merchant_order_no"
    },
    "status": {
     "type": "OutcomeStatus",
     "id": 9
    },
    "responseCode": {
     "type": "string",
     "id": 10,
     "protoName": "response_code"
    },
    "amountMinor": {
     "type": "int64",
     "id": 11,
     "protoName": "amount_minor"
    },
    "currency": {
     "type": "string",
     "id": 12
    },
    "acquirerId": {
     "type": "string",
     "id": 13,
     "protoName": "acquirer_id"
    },
    "issuerId": {
     "type": "string",
     "id": 14,
     "protoName": "issuer_id"
    },
    "cardType": {
     "type": "CardType",
     "id": 15,
     "protoName": "card_type"
    },
    "rrn": {
     "type": "string",
     "id": 16
    },
    "authCode": {
     "type": "string",
     "id": 17,
     "protoName": "auth_code"
    },
    "feeContractId": {
     "type": "uint32",
     "id": 18,
     "protoName": "fee_contract_id"
    },
    "scenario": {
     "type": "string",
     "id": 19
    },
    "requestedAtMs": {
     "type": "int64",
     "id": 20,
     "protoName": "requested_at_ms"
    },
    "decidedAtMs": {
     "type": "int64",
     "id": 21,
     "protoName": "decided_at_ms"
    },
    "businessDate": {
     "type": "string",
     "id": 22,
     "protoName": "business_date"
    },
    "cut": {
     "type": "CutMark",
     "id": 23
    },
    "originalOperationId": {
     "type": "string",
     "id": 24,
     "protoName": "original_operation_id"
    },
    "originalKind": {
     "type": "OperationKind",
     "id": 25,
     "protoName": "original_kind"
    }
   }
  },
  "EntityStatus": {
   "values": {
    "ENTITY_STATUS_UNSPECIFIED": 0,
    "ENTITY_STATUS_ACTIVE": 1,
    "ENTITY_STATUS_SUSPENDED": 2,
    "ENTITY_STATUS_CLOSED": 3
   }
  },
  "AcquirerContract": {
   "fields": {
    "acquirerId": {
     "type": "string",
     "id": 1,
     "protoName": "acquirer_id"
    },
    "feeContractId": {
     "type": "uint32",
     "id": 2,
     "protoName": "fee_contract_id"
    },
    "weight": {
     "type": "uint32",
     "id": 3
    }
   }
  },
  "Merchant": {
   "fields": {
    "merchantId": {
     "type": "string",
     "id": 1,
     "protoName": "merchant_id"
    },
    "name": {
     "type": "string",
     "id": 2
    },
    "mcc": {
     "type": "string",
     "id": 3
    },
    "scenario": {
     "type": "string",
     "id": 4
    },
    "currency": {
     "type": "string",
     "id": 5
    },
    "region": {
     "type": "string",
     "id": 6
    },
    "acquirerContracts": {
     "rule": "repeated",
     "type": "AcquirerContract",
     "id": 7,
     "protoName": "acquirer_contracts"
    },
    "providerId": {
     "type": "string",
     "id": 8,
     "protoName": "provider_id"
    },
    "apiKeyVersion": {
     "type": "uint32",
     "id": 9,
     "protoName": "api_key_version"
    }
   }
  },
  "Store": {
   "fields": {
    "storeId": {
     "type": "string",
     "id": 1,
     "protoName": "store_id"
    },
    "merchantId": {
     "type": "string",
     "id": 2,
     "protoName": "merchant_id"
    },
    "name": {
     "type": "string",
     "id": 3
    },
    "region": {
     "type": "string",
     "id": 4
    }
   }
  },
  "Terminal": {
   "fields": {
    "terminalId": {
     "type": "string",
     "id": 1,
     "protoName": "terminal_id"
    },
    "merchantId": {
     "type": "string",
     "id": 2,
     "protoName": "merchant_id"
    },
    "storeId": {
     "type": "string",
     "id": 3,
     "protoName": "store_id"
    }
   }
  },
  "Plate": {
   "fields": {
    "plateId": {
     "type": "string",
     "id": 1,
     "protoName": "plate_id"
    },
    "merchantId": {
     "type": "string",
     "id": 2,
     "protoName": "merchant_id"
    },
    "storeId": {
     "type": "string",
     "id": 3,
     "protoName": "store_id"
    },
    "terminalId": {
     "type": "string",
     "id": 4,
     "protoName": "terminal_id"
    }
   }
  },
  "Provider": {
   "fields": {
    "providerId": {
     "type": "string",
     "id": 1,
     "protoName": "provider_id"
    },
    "name": {
     "type": "string",
     "id": 2
    },
    "type": {
     "type": "string",
     "id": 3
    }
   }
  },
  "Acquirer": {
   "fields": {
    "acquirerId": {
     "type": "string",
     "id": 1,
     "protoName": "acquirer_id"
    },
    "name": {
     "type": "string",
     "id": 2
    }
   }
  },
  "TokenRange": {
   "fields": {
    "first": {
     "type": "string",
     "id": 1
    },
    "last": {
     "type": "string",
     "id": 2
    },
    "cardType": {
     "type": "string",
     "id": 3,
     "protoName": "card_type"
    }
   }
  },
  "Issuer": {
   "fields": {
    "issuerId": {
     "type": "string",
     "id": 1,
     "protoName": "issuer_id"
    },
    "name": {
     "type": "string",
     "id": 2
    },
    "bins": {
     "rule": "repeated",
     "type": "string",
     "id": 3
    },
    "tokenRanges": {
     "rule": "repeated",
     "type": "TokenRange",
     "id": 4,
     "protoName": "token_ranges"
    }
   }
  },
  "FeeContract": {
   "fields": {
    "feeContractId": {
     "type": "uint32",
     "id": 1,
     "protoName": "fee_contract_id"
    },
    "acquirerId": {
     "type": "string",
     "id": 2,
     "protoName": "acquirer_id"
    },
    "providerId": {
     "type": "string",
     "id": 3,
     "protoName": "provider_id"
    },
    "agentId": {
     "type": "string",
     "id": 4,
     "protoName": "agent_id"
    },
    "mdrPpm": {
     "type": "uint32",
     "id": 5,
     "protoName": "mdr_ppm"
    },
    "issuerDebitPpm": {
     "type": "uint32",
     "id": 6,
     "protoName": "issuer_debit_ppm"
    },
    "issuerCreditPpm": {
     "type": "uint32",
     "id": 7,
     "protoName": "issuer_credit_ppm"
    },
    "issuerDebitCapMinor": {
     "type": "int64",
     "id": 8,
     "protoName": "issuer_debit_cap_minor"
    },
    "networkPpm": {
     "type": "uint32",
     "id": 9,
     "protoName": "network_ppm"
    },
    "networkCapMinor": {
     "type": "int64",
     "id": 10,
     "protoName": "network_cap_minor"
    },
    "acquirerParts": {
     "type": "uint32",
     "id": 11,
     "protoName": "acquirer_parts"
    },
    "providerParts": {
     "type": "uint32",
     "id": 12,
     "protoName": "provider_parts"
    },
    "agentParts": {
     "type": "uint32",
     "id": 13,
     "protoName": "agent_parts"
    }
   }
  },
  "DirectoryChanged": {
   "oneofs": {
    "entity": {
     "oneof": [
      "merchant",
      "provider",
      "acquirer",
      "issuer",
      "feeContract",
      "store",
      "terminal",
      "plate"
     ]
    }
   },
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "version": {
     "type": "uint64",
     "id": 2
    },
    "status": {
     "type": "EntityStatus",
     "id": 3
    },
    "changedAtMs": {
     "type": "int64",
     "id": 4,
     "protoName": "changed_at_ms"
    },
    "merchant": {
     "type": "Merchant",
     "id": 10
    },
    "provider": {
     "type": "Provider",
     "id": 11
    },
    "acquirer": {
     "type": "Acquirer",
     "id": 12
    },
    "issuer": {
     "type": "Issuer",
     "id": 13
    },
    "feeContract": {
     "type": "FeeContract",
     "id": 14,
     "protoName": "fee_contract"
    },
    "store": {
     "type": "Store",
     "id": 15
    },
    "terminal": {
     "type": "Terminal",
     "id": 16
    },
    "plate": {
     "type": "Plate",
     "id": 17
    }
   }
  },
  "Position": {
   "fields": {
    "participantType": {
     "type": "string",
     "id": 1,
     "protoName": "participant_type"
    },
    "participantId": {
     "type": "string",
     "id": 2,
     "protoName": "participant_id"
    },
    "currency": {
     "type": "string",
     "id": 3
    },
    "netMinor": {
     "type": "int64",
     "id": 4,
     "protoName": "net_minor"
    }
   }
  },
  "SettlementFile": {
   "fields": {
    "path": {
     "type": "string",
     "id": 1
    },
    "sha256": {
     "type": "string",
     "id": 2
    },
    "count": {
     "type": "uint64",
     "id": 3
    },
    "currency": {
     "type": "string",
     "id": 4
    },
    "netMinor": {
     "type": "int64",
     "id": 5,
     "protoName": "net_minor"
    }
   }
  },
  "CycleClosed": {
   "fields": {
    "schemaVersion": {
     "type": "uint32",
     "id": 1,
     "protoName": "schema_version"
    },
    "cycleId": {
     "type": "string",
     "id": 2,
     "protoName": "cycle_id"
    },
    "closedAtMs": {
     "type": "int64",
     "id": 3,
     "protoName": "closed_at_ms"
    },
    "positions": {
     "rule": "repeated",
     "type": "Position",
     "id": 4
    },
    "files": {
     "rule": "repeated",
     "type": "SettlementFile",
     "id": 5
    }
   }
  }
 }
};
