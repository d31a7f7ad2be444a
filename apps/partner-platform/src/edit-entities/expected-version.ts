import { HttpProblem } from '@fourway/platform-http';

/** The version that a change is based on. */
export interface ExpectedVersion {
  readonly version: bigint;
  readonly source: 'body' | 'If-Match';
}

const entityTag = /^"([1-9]\d{0,17})"$/;

/**
 * From the `If-Match` header, else from the body.
 * @throws HttpProblem 400 for a header that is no entity tag of ours, 422 when there is neither
 */
export function expectedVersionOf(ifMatch: string | undefined, version: number | undefined): ExpectedVersion {
  if (ifMatch !== undefined) {
    const digits = entityTag.exec(ifMatch)?.[1];
    if (digits === undefined)
      throw new HttpProblem({
        status: 400,
        code: 'malformed_if_match',
        title: 'If-Match is no entity tag of this API',
        detail: 'Send the ETag of the answer you read, for example "3".',
      });
    return { version: BigInt(digits), source: 'If-Match' };
  }
  if (version !== undefined) return { version: BigInt(version), source: 'body' };
  throw new HttpProblem({
    status: 422,
    code: 'version_required',
    title: 'A change names the version that it is based on',
    errors: [
      {
        pointer: '/version',
        code: 'required',
        rule: 'is required without If-Match',
        remedy: 'Send the version you read.',
      },
    ],
  });
}

/** 412 for If-Match (RFC 9110 §13.1.1), 409 for a version in the body. */
export const versionConflict = ({ version, source }: ExpectedVersion, current: bigint): HttpProblem =>
  new HttpProblem({
    status: source === 'If-Match' ? 412 : 409,
    code: 'version_conflict',
    title: 'The entity has changed meanwhile',
    detail: `The change is based on version ${version}; the entity has version ${current}. Read it again and decide anew.`,
    errors: [
      {
        pointer: source === 'If-Match' ? '' : '/version',
        code: 'version_conflict',
        rule: `must be ${current}`,
        remedy: 'Read the entity again.',
      },
    ],
  });

export const entityTagOf = ({ version }: { readonly version: bigint }): string => `"${version}"`;
