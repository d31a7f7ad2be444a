import Long from 'long';
import protobuf from 'protobufjs';
import { SwitchError } from '@fourway/kernel';
import { businessFields, descriptor } from './generated/wire.ts';
import { TextReader } from './text-reader.ts';

protobuf.util.Long = Long;
protobuf.configure();

const root = protobuf.Root.fromJSON(descriptor);

/** The one schema version there is. A record that claims another goes to the dead-letter topic. */
export const schemaVersion = 1;

/** Protobuf codec of one record type: encodes the fields given, decodes all fields with proto3's defaults. */
export interface WireCodec<T> {
  encode(message: Partial<T>): Buffer;
  /** @throws SwitchError `undecodable` for bytes that are no such message, `unknown_version` for another schema version */
  decode(bytes: Uint8Array): T;
}

/** @internal */
export function wireCodec<T extends { schemaVersion: number }>(typeName: string): WireCodec<T> {
  const type = root.lookupType(typeName);
  return {
    encode: (message) => Buffer.from(type.encode(message).finish()),
    decode: (bytes) => {
      // protobufjs builds the decoder from the descriptor that our types are generated from, so the shape is the type's.
      const message = decodeWith(type, bytes) as unknown as T;
      if (message.schemaVersion !== schemaVersion) {
        throw new SwitchError(
          'unknown_version',
          `${typeName}.schema_version is ${message.schemaVersion}; only ${schemaVersion} is known`,
        );
      }
      return message;
    },
  };
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function decodeWith(type: protobuf.Type, bytes: Uint8Array): protobuf.Message {
  try {
    return type.decode(new TextReader(asBuffer(bytes)));
  } catch (cause) {
    throw new SwitchError(
      'undecodable',
      `not a ${type.name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

const requested = root.lookupType('OperationRequested');
const businessOnly = new protobuf.Type('BusinessFields');
for (const name of businessFields) {
  const field = requested.fields[name];
  if (field === undefined) throw new Error(`broken invariant: OperationRequested has no field ${name}`);
  businessOnly.add(new protobuf.Field(name, field.id, field.type));
}
root.add(businessOnly);

/** @internal The business fields alone, in the order of their numbers: the canonical bytes of a request. */
export const encodeBusinessFields = (message: object): Uint8Array => businessOnly.encode(message).finish();
