import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { metroCities, plannedCities, provinces, regions } from './regions.ts';
import { headSize, ScenarioLayout } from './scenario-layout.ts';
import { network, scenarioNames, scenarios } from './scenarios.ts';
import { createWorld } from './world.ts';

const parseCollector = (gc: unknown): (() => void) => gc as () => void;

const layout = new ScenarioLayout(7);
const large = createWorld({ seed: 7, merchants: 6_000_000 });
const everyHundredth = Array.from({ length: 60_000 }, (_, i) => i * 100);

describe('the scenarios of a world', () => {
  it('count and find the merchants of a scenario as a walk over all of them does', () => {
    for (const merchants of [5, headSize, 2_000, 2_521, 7_777]) {
      const walked = Map.groupBy(
        Array.from({ length: merchants }, (_, index) => index),
        (index) => layout.at(index),
      );
      for (const name of scenarioNames) {
        const indexes = walked.get(name) ?? [];
        expect(layout.count(name, merchants)).toBe(indexes.length);
        expect(indexes.map((_, rank) => layout.indexOf(name, rank))).toEqual(indexes);
      }
    }
  });

  it('find a merchant of the scenario at every rank, up to a hundred million merchants', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scenarioNames), fc.integer({ min: 0, max: 160_000 }), (name, rank) => {
        const index = layout.indexOf(name, rank);
        expect(layout.at(index)).toBe(name);
        expect(layout.count(name, index + 1)).toBe(rank + 1);
      }),
    );
  });

  it('are all there in the smallest world that has room for them', () => {
    const names = Array.from({ length: headSize }, (_, index) => layout.at(index));
    expect(new Set(names)).toEqual(new Set(scenarioNames));
  });

  it.each([20_000, 250_000, 6_000_000])('are in the proportions of the network, of %i merchants', (merchants) => {
    const total = scenarios.reduce((sum, scenario) => sum + scenario.merchants, 0);
    for (const { name, merchants: inNetwork } of scenarios) {
      const wanted = (merchants * inNetwork) / total;
      // The pattern rounds to whole merchants in 2,500; the head adds a dozen metros.
      const tolerance = (0.6 * merchants) / 2_500 + headSize;
      expect(Math.abs(layout.count(name, merchants) - wanted)).toBeLessThan(tolerance);
    }
  });

  it('sum up the public figures', () => {
    const of = (...names: readonly string[]): number =>
      scenarios.filter(({ name }) => names.includes(name)).reduce((sum, scenario) => sum + scenario.merchants, 0);
    expect(of('wet_market')).toBe(70_000);
    expect(of('campus')).toBe(13_000);
    expect(of('transit')).toBe(network.metros + 400);
    expect(of('supermarket', 'catering', 'vending')).toBe(150_000);
  });
});

describe('the places of a world', () => {
  it('are 31 provincial units and 5 separately planned cities, merchants in proportion to residents', () => {
    expect([provinces.length, plannedCities.length, new Set(regions.map(({ code }) => code)).size]).toEqual([
      31, 5, 36,
    ]);
    const counted = Map.groupBy(everyHundredth, (index) => large.merchant(index).region);
    const residents = regions.reduce((sum, { weight }) => sum + weight, 0);
    for (const { code, weight } of regions) {
      const expected = (everyHundredth.length * weight) / residents;
      expect(Math.abs((counted.get(code)?.length ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('have the metros first, each in a city of its own', () => {
    const metros = metroCities.map((_, index) => large.merchant(index));
    expect(metros.map(({ region }) => region)).toEqual(metroCities);
    expect(new Set(metros.map(({ mcc, scenario }) => `${scenario} ${mcc}`))).toEqual(new Set(['transit 4111']));
    expect(new Set(metroCities).size).toBe(network.metros);
    expect(large.merchant(large.merchantOf('transit', network.metros)).mcc).toBe('4131');
  });
});

describe('a world of six million merchants', () => {
  it('takes no memory for its merchants', () => {
    setFlagsFromString('--expose-gc');
    const collect = parseCollector(runInNewContext('gc'));
    const heapBytes = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    let characters = 0;
    const walk = (offset: number): void => {
      for (const index of everyHundredth) {
        const { store, terminal } = large.premises(index + offset);
        characters += large.merchant(index + offset).name.length + store.storeId.length + terminal.terminalId.length;
      }
    };
    walk(0);
    const before = heapBytes();
    for (let offset = 1; offset <= 5; offset += 1) walk(offset);
    // 300,000 merchants more have been made: at one byte each this would already show.
    expect(heapBytes() - before).toBeLessThan(300_000);
    expect(characters).toBeGreaterThan(0);
  });
});
