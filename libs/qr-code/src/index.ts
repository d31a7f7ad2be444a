export * from './crc.ts';
export * from './decode-mpm.ts';
export * from './encode-mpm.ts';
export * from './latin-name.ts';
export * from './order-code.ts';
export * from './order-reference.ts';
export * from './qr-code-error.ts';
export type { TlvField } from './tlv.ts';
