import { ClaimsAndOutcomes1763800000001 } from './0001-claims-and-outcomes.ts';
import { Directory1763800000002 } from './0002-directory.ts';
import { MerchantOrder1763800000003 } from './0003-merchant-order.ts';
import { Cuts1763800000004 } from './0004-cuts.ts';
import { PaymentTotals1763800000005 } from './0005-payment-totals.ts';
import { Retention1763800000006 } from './0006-retention.ts';
import { ParkedFingerprint1763800000007 } from './0007-parked-fingerprint.ts';
import { ParkedAt1763800000008 } from './0008-parked-at.ts';

/** In the order in which they run. */
export const migrations = [
  ClaimsAndOutcomes1763800000001,
  Directory1763800000002,
  MerchantOrder1763800000003,
  Cuts1763800000004,
  PaymentTotals1763800000005,
  Retention1763800000006,
  ParkedFingerprint1763800000007,
  ParkedAt1763800000008,
] as const;
