import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Attempt, Incoming } from '../operation.ts';
import { OpenOperations, type OpenOperation } from './open-operations.ts';

// Only the id is read here.
const copyOf = (operationId: string): Incoming => ({ scored: { operation: { operationId } } }) as Incoming;

let open: OpenOperations;
beforeEach(() => {
  open = new OpenOperations();
});

/** Opened at the given time, and with an acquirer. */
function called(operationId: string, atMs: number): OpenOperation {
  const operation = open.admit(copyOf(operationId), atMs);
  if (operation === null) throw new Error(`${operationId} is open`);
  operation.attempt = {} as Attempt;
  return operation;
}

describe('OpenOperations', () => {
  it('opens an operation once and lets copies join it', () => {
    const operation = called('a', 0);
    expect(open.admit(copyOf('a'), 1)).toBeNull();
    expect(operation.sources).toHaveLength(2);
    open.close(operation);
    expect(open.admit(copyOf('a'), 2)).not.toBeNull();
  });

  it('counts as holding offsets back only what was opened before the given time and has been sent', () => {
    const old = called('a', 0);
    open.admit(copyOf('claiming'), 0);
    called('young', 100);
    expect(open.holdingSince(50)).toEqual([old]);
  });

  it('never parks a copy that joined while the answer is on its way: the parked row is about to go', () => {
    const operation = called('a', 0);
    operation.sources = [];
    operation.parkedAtMs = 1;
    operation.isAnswering = true;
    open.admit(copyOf('a'), 1);
    expect(open.holdingSince(50)).toEqual([]);
  });
});
