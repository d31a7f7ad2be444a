import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@fourway/platform-observability';
import { Database } from '@fourway/platform-postgres';
import { EventProducer } from '@fourway/platform-stream';
import { eventually } from '@fourway/testing';
import { sampleDirectory } from '../testing/directory.fixture.ts';
import {
  connection,
  partnerRig,
  publishedChanges,
  type PartnerRig,
  type Answer,
  type PartnerService,
} from '../testing/partner-service.fixture.ts';
import { PublicationRepository } from './publication.repository.ts';
import { PublishChanges } from './publish-changes.ts';

const sample = sampleDirectory();
const ground = sample.ground;
const merchant = sample.merchant();
const key = `merchant/${merchant.merchantId}`;
let rig: PartnerRig;
let service: PartnerService;

beforeAll(async () => {
  rig = await partnerRig('publish_changes');
  service = await rig.start();
  await service.import([...ground, { type: 'merchant', merchant }]);
  await allPublished();
});

let cleanUp = (): Promise<void> => Promise.resolve();

afterAll(async () => {
  await cleanUp();
  await rig.close();
});

const allPublished = () =>
  eventually(
    async () => {
      const [row] = await rig.sql('select last_change_number - next_change_number from directory_head, publication');
      expect(row).toEqual(['-1']);
    },
    { withinMs: 30_000 },
  );
const rename = (id: string, name: string, version: number) =>
  service.send({ method: 'PATCH', path: `/v1/merchants/${id}`, body: { name, version } });
const versionsOf = async (id: string) =>
  (await publishedChanges(new Set([`merchant/${id}`]))).map(({ version }) => version);

/** A session that holds the publisher's lock: nobody publishes meanwhile. */
async function withoutPublisher<T>(work: () => Promise<T>): Promise<T> {
  const holder = rig.connect();
  const publication = new PublicationRepository(holder);
  await eventually(async () => expect(await publication.claim()).toBe(true), { withinMs: 30_000 });
  // The pool gives idle sessions up, and the lock with them.
  const alive = setInterval(() => void publication.state().catch(() => undefined), 1_000);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    await holder.close();
  }
}

const versionRequired = ({ body }: Answer): number => Number(/must be (\d+)/.exec(JSON.stringify(body))?.[1]);

describe('a change', () => {
  it('that was committed by a process killed before it published it is published by the next', async () => {
    await service.kill('SIGKILL');
    await withoutPublisher(async () => {
      service = await rig.start();
      expect(await rename(merchant.merchantId, '提交之后', 1)).toMatchObject({ status: 200, body: { version: 2 } });
      expect(await versionsOf(merchant.merchantId)).toEqual([1n]);
      await service.kill('SIGKILL');
    });
    expect(await versionsOf(merchant.merchantId)).toEqual([1n]);
    service = await rig.start();
    await allPublished();
    expect(await versionsOf(merchant.merchantId)).toEqual([1n, 2n]);
  });

  it('is lost by none of several kills while changes come, and the versions of an entity stay in order', async () => {
    const acknowledged = new Map<string, number>();
    const ids = [11, 12, 13, 14].map((number) => sample.merchant(number));
    for (const one of ids) await service.post('/v1/merchants', one);
    const change = async (id: string): Promise<void> => {
      for (let version = 1; !isOver;) {
        const answer = await rename(id, `名${version}`, version).catch(() => null);
        if (answer?.status === 200) acknowledged.set(id, (version = Number(answer.body['version'])));
        else if (answer?.status === 409) version = versionRequired(answer);
      }
    };
    let isOver = false;
    const changing = Promise.all(ids.map(({ merchantId }) => change(merchantId)));
    for (let kills = 0; kills < 3; kills++) {
      const before = Math.max(0, ...acknowledged.values());
      await eventually(() => expect(Math.max(...acknowledged.values())).toBeGreaterThan(before + 5), {
        withinMs: 60_000,
      });
      await service.kill('SIGKILL');
      service = await rig.start();
    }
    isOver = true;
    await changing;
    await allPublished();
    for (const { merchantId } of ids) {
      const versions = [...new Set(await versionsOf(merchantId))];
      expect(versions).toEqual(versions.toSorted((a, b) => Number(a - b)));
      expect(versions.length).toBe(Number(versions.at(-1)));
      expect(Number(versions.at(-1))).toBeGreaterThanOrEqual(acknowledged.get(merchantId) ?? Infinity);
    }
  });

  it('of one version is made once, however many want it', async () => {
    const contested = sample.merchant(21);
    await service.post('/v1/merchants', contested);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => rename(contested.merchantId, `候选${i}`, 1)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    await allPublished();
    expect(await versionsOf(contested.merchantId)).toEqual([1n, 2n]);
  });
});

describe('a publisher', () => {
  it('that was deposed while it sent has newer versions published again, so that the newest is the last of its key', async () => {
    await service.kill('SIGKILL');
    const producer = new EventProducer(connection);
    await producer.connect();
    const held = Promise.withResolvers<undefined>();
    const sent = Promise.withResolvers<undefined>();
    const late = publisherOf(rig, {
      send: async (topic, messages) => {
        if (messages.length > 0) sent.resolve(undefined);
        await held.promise;
        await producer.send(topic, messages);
      },
    });
    cleanUp = async () => {
      held.resolve(undefined);
      await late.publishing.stop();
      await late.publication.close();
      await producer.disconnect();
    };
    service = await withoutPublisher(() => rig.start());
    const [first] = await rig.sql('select version from entity where id = $1', merchant.merchantId);
    const before = Number(first?.[0]);
    await service.kill('SIGKILL');
    late.publishing.start();
    await eventually(() => expect(late.publication.isPublisher).toBe(true), { withinMs: 30_000 });
    service = await rig.start();
    expect(await rename(merchant.merchantId, '旧', before)).toMatchObject({ status: 200 });
    await sent.promise;

    await rig.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'late publisher'`);
    expect(await rename(merchant.merchantId, '新', before + 1)).toMatchObject({ status: 200 });
    await allPublished();
    held.resolve(undefined);
    await eventually(
      async () =>
        expect(
          (await publishedChanges(new Set([key]))).filter(({ version }) => version === BigInt(before + 1)).length,
        ).toBeGreaterThan(2),
      { withinMs: 60_000 },
    );
    await allPublished();
    expect((await versionsOf(merchant.merchantId)).at(-1)).toBe(BigInt(before + 2));
  });
});

function publisherOf(
  of: PartnerRig,
  producer: Pick<EventProducer, 'send'>,
): { publishing: PublishChanges; publication: PublicationRepository } {
  const session = new Database({
    url: of.databaseUrl,
    applicationName: 'late publisher',
    maxConnections: 1,
    onError: () => undefined,
  });
  const publication = new PublicationRepository(session);
  const metrics = { published: () => undefined, unpublished: () => undefined };
  return {
    publication,
    publishing: new PublishChanges({ publication, producer, metrics, logger: createLogger('spec', 'silent') }),
  };
}
