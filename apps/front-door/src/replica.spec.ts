import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { chooseReplica, inFlightMax, type Standing } from './replica.ts';

const replica = (standing: Standing, inFlight = 0) => ({ standing, inFlight });

describe('choice of a replica', () => {
  it('takes turns among equals', () => {
    const replicas = [replica('ready'), replica('ready'), replica('ready')];
    const chosen = [0, 1, 2, 3].map((turn) =>
      replicas.findIndex((one) => one === chooseReplica(replicas, { tried: new Set(), turn })),
    );
    expect(chosen).toEqual([0, 1, 2, 0]);
  });

  it('gives a stalled one ever less', () => {
    const replicas = [replica('ready', 40), replica('ready', 2)];
    expect(chooseReplica(replicas, { tried: new Set(), turn: 0 })).toBe(replicas[1]);
  });

  it('comes back to one that was tried only when no other is left', () => {
    const [one, two] = [replica('ready', 5), replica('ready', 0)];
    expect(chooseReplica([one, two], { tried: new Set([two]), turn: 0 })).toBe(one);
    expect(chooseReplica([replica('out'), two], { tried: new Set([two]), turn: 0 })).toBe(two);
  });

  it('gives requests to an unready one before it turns them away, and never to one that is leaving', () => {
    const [unready, ready] = [replica('unready', 0), replica('ready', 9)];
    expect(chooseReplica([unready, ready, replica('out')], { tried: new Set([ready]), turn: 0 })).toBe(ready);
    expect(chooseReplica([unready, replica('out')], { tried: new Set(), turn: 1 })).toBe(unready);
  });

  it('chooses one that has not left and has room whenever there is one, and never another', () => {
    const any = fc.array(
      fc.record({
        standing: fc.constantFrom<Standing>('ready', 'unready', 'out'),
        inFlight: fc.constantFrom(0, 1, inFlightMax - 1, inFlightMax),
      }),
    );
    fc.assert(
      fc.property(any, fc.nat(), fc.func(fc.boolean()), (replicas, turn, wasTried) => {
        const chosen = chooseReplica(replicas, { tried: new Set(replicas.filter(wasTried)), turn });
        const eligible = replicas.filter(({ standing, inFlight }) => standing !== 'out' && inFlight < inFlightMax);
        expect(chosen === undefined ? eligible : eligible.includes(chosen)).toEqual(chosen === undefined ? [] : true);
      }),
    );
  });
});
