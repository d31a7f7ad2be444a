import { arrayLiteral } from '@fourway/platform-postgres';
import type { Run } from './find-entities.ts';
import type { NextVersion } from './directory-unit.ts';
import { merchantIdOf, type StoredEntity } from './stored-entity.ts';

interface VersionsToWrite {
  readonly versions: readonly NextVersion[];
  /** The last change number given out. */
  readonly after: bigint;
  readonly callNumber: bigint;
}

/** Writes new versions and keeps those they replace, each in one statement whatever their number. */
export async function writeVersions(run: Run, { versions, after, callNumber }: VersionsToWrite): Promise<void> {
  const replaced = versions.flatMap((version) => version.replaced ?? []);
  if (replaced.length > 0) await run(keepReplaced(replaced));
  await run(
    upsertNewest(
      versions.map(({ next }) => next),
      { after, callNumber },
    ),
  );
  await run({
    name: 'move-head',
    text: 'update directory_head set last_change_number = $1',
    values: [String(after + BigInt(versions.length))],
  });
  const moved = versions.flatMap(movedMerchant);
  if (moved.length > 0) await run(moveBelongings(moved));
}

const keepReplaced = (replaced: readonly StoredEntity[]) => ({
  name: 'keep-replaced',
  text: `insert into entity_version (change_number, call_number, version, type, id, record)
    select change_number, call_number, version, type, id, record
    from unnest($1::text[], $2::text[]) as key (type, id) join entity using (type, id)`,
  values: [
    arrayLiteral(replaced.map(({ entity }) => entity.type)),
    arrayLiteral(replaced.map(({ entity }) => entity.id)),
  ],
});

const upsertNewest = (next: readonly StoredEntity[], { after, callNumber }: { after: bigint; callNumber: bigint }) => ({
  name: 'upsert-newest',
  text: `insert into entity (change_number, call_number, version, type, id, status, provider_id, merchant_id, was_bound, record)
    select $1::bigint + place, $2::bigint, version, type, id, status, provider_id, merchant_id, was_bound, decode(record, 'hex')
    from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::text[])
      with ordinality as next (version, type, id, status, provider_id, merchant_id, was_bound, record, place)
    on conflict (type, id) do update set change_number = excluded.change_number, call_number = excluded.call_number,
      version = excluded.version, status = excluded.status, provider_id = excluded.provider_id,
      merchant_id = excluded.merchant_id, was_bound = excluded.was_bound, record = excluded.record`,
  values: [
    String(after),
    String(callNumber),
    arrayLiteral(next.map(({ version }) => version)),
    arrayLiteral(next.map(({ entity }) => entity.type)),
    arrayLiteral(next.map(({ entity }) => entity.id)),
    arrayLiteral(next.map(({ status }) => status)),
    arrayLiteral(next.map(({ providerId }) => providerId)),
    arrayLiteral(next.map(({ entity }) => merchantIdOf(entity))),
    arrayLiteral(next.map(({ wasBound }) => (wasBound ? 't' : 'f'))),
    // Hexadecimal digits need no escaping inside an array, bytea would.
    arrayLiteral(next.map(({ record }) => record.toString('hex'))),
  ],
});

interface MovedMerchant {
  readonly merchantId: string;
  readonly providerId: string | null;
}

function movedMerchant({ next, replaced }: NextVersion): MovedMerchant[] {
  if (next.entity.type !== 'merchant' || replaced === undefined || replaced.providerId === next.providerId) return [];
  return [{ merchantId: next.entity.id, providerId: next.providerId }];
}

/** What belongs to a merchant changes its tenant with it; nothing of that is published, so versions stay. */
const moveBelongings = (moved: readonly MovedMerchant[]) => ({
  name: 'move-belongings',
  text: `update entity set provider_id = merchant.provider_id
    from unnest($1::text[], $2::text[]) as merchant (merchant_id, provider_id)
    where entity.merchant_id = merchant.merchant_id and entity.type <> 'merchant'`,
  values: [
    arrayLiteral(moved.map(({ merchantId }) => merchantId)),
    arrayLiteral(moved.map(({ providerId }) => providerId)),
  ],
});
