import { z } from 'zod';
import { HttpProblem, parseBody } from '@fourway/platform-http';
import { merchantId, providerId, status } from '../directory/entity-fields.ts';
import type { EntityPage, ListQuery } from '../directory/read-entities.ts';
import { viewOf } from '../directory/entity-view.ts';
import type { EntityType, StoredEntity } from '../directory/stored-entity.ts';

const cursorPattern = /^[A-Za-z0-9_-]{1,64}$/;
const limit = z
  .string()
  .regex(/^\d{1,4}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(100))
  .default(100);

/** What every list takes. */
export const pageQuery = z.strictObject({
  limit,
  cursor: z.string().regex(cursorPattern, 'must be the nextCursor of a list').optional(),
  status: status.optional(),
});
export const merchantsQuery = pageQuery.extend({ providerId: providerId.optional() });
export const premisesQuery = pageQuery.extend({ merchantId: merchantId.optional() });

type PageQuery = z.output<typeof pageQuery> & {
  readonly providerId?: string | undefined;
  readonly merchantId?: string | undefined;
};

/** @throws HttpProblem 422 */
export function listQueryOf(type: EntityType, schema: z.ZodType<PageQuery>, query: unknown): ListQuery {
  const { cursor, ...wanted } = parseBody(schema, query);
  return { ...wanted, type, afterId: cursor === undefined ? '' : idOfCursor(cursor) };
}

/** A page of a list as it is answered; the cursor is opaque to clients. */
export const pageBody = ({ entities, hasMore }: EntityPage): object => ({
  data: entities.map(viewOf),
  hasMore,
  nextCursor: hasMore ? cursorOf(entities.at(-1)) : null,
});

const cursorOf = (last: StoredEntity | undefined): string | null =>
  last === undefined ? null : Buffer.from(last.entity.id).toString('base64url');

function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^[0-9A-Z-]{1,48}$/.test(id)) return id;
  throw new HttpProblem({
    ...{ status: 422, code: 'invalid_fields', title: 'Fields of the request break their rules' },
    errors: [
      {
        pointer: '/cursor',
        code: 'wrong_format',
        rule: 'must be the nextCursor of a list',
        remedy: 'Begin without a cursor.',
      },
    ],
  });
}
