import type { FieldError } from '@fourway/kernel';

/** A code that is not as EMV QRCPS (Merchant-Presented Mode 1.1) says; `fault.field` names the tag, templates with a dot: `62.05`. */
export class QrCodeError extends Error {
  override readonly name = 'QrCodeError';
  readonly fault: FieldError;

  constructor(fault: FieldError) {
    super(`tag ${fault.field}: must be ${fault.rule}`);
    this.fault = fault;
  }
}

/** @internal */
export const refuse = (field: string, words: Omit<FieldError, 'field'>): never => {
  throw new QrCodeError({ field, ...words });
};
