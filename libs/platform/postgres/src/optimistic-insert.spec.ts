import { describe, expect, it } from '@jest/globals';
import { OptimisticInsert } from './optimistic-insert.ts';

const violation = Object.assign(new Error('duplicate key value violates unique constraint "claim_pkey"'), {
  code: '23505',
});

/** Notes which of the two statements ran. */
function statements({ fails }: { readonly fails?: Error } = {}) {
  const ran: string[] = [];
  const plain = async (): Promise<string> => {
    ran.push('plain');
    if (fails !== undefined) throw fails;
    return Promise.resolve('plain');
  };
  const careful = async (): Promise<string> => {
    ran.push('careful');
    return Promise.resolve('careful');
  };
  return { ran, plain, careful };
}

describe('OptimisticInsert', () => {
  it('runs only the plain statement while every key is new', async () => {
    const { ran, plain, careful } = statements();
    expect(await new OptimisticInsert().run(plain, careful)).toBe('plain');
    expect(ran).toEqual(['plain']);
  });

  it('runs the careful statement where a key was there, and does so for a while before it tries again', async () => {
    const insert = new OptimisticInsert();
    const refused = statements({ fails: violation });
    expect(await insert.run(refused.plain, refused.careful)).toBe('careful');
    expect(refused.ran).toEqual(['plain', 'careful']);
    const next = statements();
    for (let i = 0; i < 17; i++) await insert.run(next.plain, next.careful);
    expect(next.ran).toEqual([...Array.from({ length: 16 }, () => 'careful'), 'plain']);
  });

  it('meets a flood of copies with ever fewer refused statements, and trusts again once it is over', async () => {
    const insert = new OptimisticInsert();
    const flood = statements({ fails: violation });
    for (let i = 0; i < 10_000; i++) await insert.run(flood.plain, flood.careful);
    expect(flood.ran.filter((each) => each === 'plain').length).toBeLessThan(10);
    const calm = statements();
    for (let i = 0; i < 5_000; i++) await insert.run(calm.plain, calm.careful);
    const again = statements({ fails: violation });
    await insert.run(again.plain, again.careful);
    const after = statements();
    for (let i = 0; i < 17; i++) await insert.run(after.plain, after.careful);
    expect(after.ran.at(-1)).toBe('plain');
  });

  it('leaves every other error alone', async () => {
    const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const { ran, plain, careful } = statements({ fails: lost });
    await expect(new OptimisticInsert().run(plain, careful)).rejects.toBe(lost);
    expect(ran).toEqual(['plain']);
  });
});
