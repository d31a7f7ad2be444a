/** An acquirer that serves the merchant, and the fee contract that applies there. */
export interface AcquirerChoice {
  /** IIN, 8 digits. */
  readonly acquirerId: string;
  readonly feeContractId: number;
  /** Share of traffic, 1 to 1000. */
  readonly weight: number;
}

/** What routing knows of a merchant: enough to choose an acquirer and to fill its message. */
export interface MerchantProfile {
  /** 15 digits. */
  readonly merchantId: string;
  readonly isActive: boolean;
  /** ISO 18245 merchant category code, 4 digits. */
  readonly mcc: string;
  readonly scenario: string;
  /** ISO 4217 alphabetic code of its contracts. */
  readonly currency: string;
  /** It may use both doors, so its order numbers tell its payments apart, whichever door they come through. */
  readonly hasApiKey: boolean;
  readonly acquirers: readonly AcquirerChoice[];
}

/**
 * A profile on one line, for the hot copy: six million merchants have to fit in a gigabyte.
 * `5812|catering|CNY|a|48020000:12:70,48030000:13:30`; `a` active, `s` suspended, in capitals with an API key.
 */
export const packProfile = (profile: MerchantProfile): string =>
  [
    profile.mcc,
    profile.scenario,
    profile.currency,
    stateLetter(profile),
    profile.acquirers
      .map(({ acquirerId, feeContractId, weight }) => `${acquirerId}:${feeContractId}:${weight}`)
      .join(','),
  ].join('|');

/** The profile that `packProfile` wrote; null for anything else, so that a damaged hot copy is read again from its source. */
export function unpackProfile(merchantId: string, packed: string): MerchantProfile | null {
  const [mcc, scenario, currency, state, choices] = packed.split('|');
  if (
    mcc === undefined ||
    scenario === undefined ||
    currency === undefined ||
    choices === undefined ||
    state === undefined ||
    !/^[as]$/i.test(state)
  )
    return null;
  const acquirers = choices === '' ? [] : choices.split(',').map(unpackChoice);
  return acquirers.includes(null)
    ? null
    : {
        ...{ merchantId, mcc, scenario, currency },
        isActive: state.toLowerCase() === 'a',
        hasApiKey: state.toUpperCase() === state,
        acquirers: acquirers.filter((c) => c !== null),
      };
}

function stateLetter({ isActive, hasApiKey }: MerchantProfile): string {
  const state = isActive ? 'a' : 's';
  return hasApiKey ? state.toUpperCase() : state;
}

function unpackChoice(packed: string): AcquirerChoice | null {
  const [acquirerId, contract, share] = packed.split(':');
  const feeContractId = Number(contract);
  const weight = Number(share);
  if (acquirerId === undefined || !Number.isInteger(feeContractId) || !Number.isInteger(weight)) return null;
  return { acquirerId, feeContractId, weight };
}
