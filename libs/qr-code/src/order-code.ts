import { currencies, formatMinor, isCurrency, type Currency } from '@fourway/kernel';
import { decodeMpm, valueOf, type MpmCode } from './decode-mpm.ts';
import { encodeMpm } from './encode-mpm.ts';
import { latinName } from './latin-name.ts';
import { orderOfReference, referenceOfOrder } from './order-reference.ts';
import { refuse } from './qr-code-error.ts';
import { readFields, writeFields, type TlvField } from './tlv.ts';

/** Names our merchant account template (tag 26, object 00): a UUID without dashes, as nobody else's. */
export const accountGuid = '6d1c2f0e4b7a4f5e9c3a8e21d0b7f4a6';

/** What a payer's app must know to pay one order. */
export interface OrderCode {
  /** UUID. */
  readonly orderId: string;
  /** 15 digits. */
  readonly merchantId: string;
  readonly terminalId: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** What is shown to the payer beside it. */
export interface MerchantFace {
  /** Of any script. */
  readonly name: string;
  /** Latin letters. */
  readonly city: string;
  /** 4 digits. */
  readonly mcc: string;
}

/**
 * The dynamic code of one order, at most 250 characters. A name that is not ASCII goes into the language template, and `M` with the
 * merchant id into tag 59.
 * @throws QrCodeError where a value does not fit its tag
 */
export function encodeOrderCode(order: OrderCode, face: MerchantFace): string {
  const { merchantId, currency } = order;
  const name = latinName(face.name, { standIn: `M${merchantId}`, most: 25 });
  const field = (tag: string, value: string): TlvField => ({ tag, value });
  return encodeMpm({
    fields: [
      field('00', '01'),
      field('01', '12'),
      field('26', writeFields([field('00', accountGuid), field('01', merchantId)], '26.')),
      field('52', face.mcc),
      field('53', currencies[currency].numeric),
      field('54', formatMinor(order.amountMinor, currency)),
      field('58', 'CN'),
      field('59', name),
      field('60', latinName(face.city, { standIn: 'CHINA', most: 15 })),
      field('62', writeFields([field('05', referenceOfOrder(order.orderId)), field('07', order.terminalId)], '62.')),
      ...(name === face.name.trim() || /^[ -~]*$/.test(face.name) ? [] : [languageTemplate(face.name)]),
    ],
  });
}

const languageTemplate = (name: string): TlvField => ({
  tag: '64',
  value: writeFields(
    [
      { tag: '00', value: 'ZH' },
      { tag: '01', value: Array.from(name).slice(0, 25).join('') },
    ],
    '64.',
  ),
});

/**
 * Reads a code that `encodeOrderCode` wrote.
 * @throws QrCodeError for a damaged code and for a sound one of somebody else's
 */
export function decodeOrderCode(payload: string): OrderCode {
  const code = decodeMpm(payload);
  if (valueOf(code, '01') !== '12') refuse('01', notDynamic);
  const currency = currencyOf(code);
  return {
    orderId: orderOfReference(valueOf(code, '62.05') ?? '') ?? refuse('62.05', noReference),
    merchantId: merchantOf(code),
    terminalId: valueOf(code, '62.07') ?? refuse('62.07', notOurs),
    amountMinor: minorOf(valueOf(code, '54') ?? '', currency),
    currency,
  };
}

function merchantOf({ fields }: MpmCode): string {
  for (const { tag, value } of fields) {
    if (tag < '26' || tag > '51') continue;
    const account = readFields(value, `${tag}.`);
    if (account[0]?.tag === '00' && account[0].value === accountGuid && account[1]?.tag === '01')
      return account[1].value;
  }
  return refuse('26', notOurs);
}

function currencyOf(code: MpmCode): Currency {
  const numeric = valueOf(code, '53');
  const found = Object.entries(currencies).find(([, currency]) => currency.numeric === numeric)?.[0] ?? '';
  return isCurrency(found) ? found : refuse('53', unknownCurrency);
}

/** The one spelling that `formatMinor` gives; `128.8` and `0128.80` are somebody else's. */
function minorOf(amount: string, currency: Currency): bigint {
  const { minorDigits } = currencies[currency];
  const [, whole, decimals] = /^(0|[1-9]\d*)\.(\d+)$/.exec(amount) ?? [];
  if (whole === undefined || decimals?.length !== minorDigits) return refuse('54', noAmount);
  return BigInt(whole + decimals);
}

const notDynamic = {
  code: 'not_dynamic',
  rule: '12: the code of one order',
  remedy: 'show the payer the code of an order; static codes are not paid here',
};
const noReference = {
  code: 'no_order_reference',
  rule: 'the reference of an order at this switch',
  remedy: 'pay codes that this switch issued',
};
const notOurs = {
  code: 'other_network',
  rule: 'an account at this switch',
  remedy: 'pay codes that this switch issued; others go to their own network',
};
const unknownCurrency = {
  code: 'currency_unknown',
  rule: 'a currency that the network clears',
  remedy: 'pay codes that this switch issued',
};
const noAmount = {
  code: 'amount_missing',
  rule: 'the amount of the order',
  remedy: 'pay codes that this switch issued',
};
