import { clusterOf, singleMachine, stageNames, type Sizing } from './clusters.ts';
import type { MeasuredCosts } from './costs.ts';
import { hundredfoldDay, isCalm, meanPerSecond, peakPerSecond, sizingFor, widened } from './plan-day.ts';
import type { LoadModel, Prediction } from './simulation/model.ts';
import { simulate } from './simulation/simulate.ts';

export interface Validation {
  readonly what: string;
  readonly measured: number;
  readonly predicted: number;
  /** Predicted to measured, less one, in percent. */
  readonly offPercent: number;
}

export interface Scenario {
  readonly name: string;
  readonly perSecond: number;
  readonly prediction: Prediction;
}

export interface ScalingPrediction {
  readonly seed: number;
  readonly validation: readonly Validation[];
  readonly sizing: Sizing;
  readonly scenarios: readonly Scenario[];
}

const steady = (seed: number, perSecond: number, seconds: number): LoadModel => ({
  ...{ seed, preloaded: 0, perSecond, arrivingMs: seconds * 1_000, mostMs: seconds * 1_000 + 120_000, warmUpMs: 3_000 },
});

/** Kafka's session of a replica that was killed, and the group's agreement after it. */
const takeOverMs = 11_000;

/** The measured machine first, so that it is known how far off predictions are; then a day a hundred times as large. */
export function simulateDay(costs: MeasuredCosts, seed: number): ScalingPrediction {
  const sizing = calmSizing(costs, seed);
  const cluster = clusterOf(costs, sizing);
  const [mean, peak] = [meanPerSecond(hundredfoldDay), peakPerSecond(hundredfoldDay)];
  const losses = stageNames.map((stage) => ({
    ...{ name: `peak, one ${stage} killed`, perSecond: peak },
    prediction: simulate(cluster, { ...steady(seed, peak, 40), loss: { stage, atMs: 10_000, takeOverMs } }),
  }));
  return {
    ...{ seed, sizing, validation: validate(costs, seed) },
    scenarios: [
      { name: 'mean of the day', perSecond: mean, prediction: simulate(cluster, steady(seed, mean, 20)) },
      { name: 'peak hour', perSecond: peak, prediction: simulate(cluster, steady(seed, peak, 20)) },
      ...losses,
    ],
  };
}

const mostRounds = 20;

/** The least that the measured microseconds allow, widened until nothing is too busy at the peak. */
function calmSizing(costs: MeasuredCosts, seed: number): Sizing {
  let sizing = sizingFor(costs, hundredfoldDay);
  for (let round = 0; round < mostRounds; round += 1) {
    const { utilisation } = simulate(clusterOf(costs, sizing), steady(seed, peakPerSecond(hundredfoldDay), 6));
    if (isCalm(utilisation)) break;
    sizing = widened(sizing, utilisation);
  }
  return sizing;
}

/** The machine that was measured, as the simulation sees it. */
function validate(costs: MeasuredCosts, seed: number): Validation[] {
  const machine = singleMachine(costs);
  const full = simulate(machine, {
    ...{ seed, preloaded: costs.payments, perSecond: 0, arrivingMs: 0, mostMs: 3_600_000, warmUpMs: 0 },
  });
  const paced = simulate(machine, steady(seed, costs.paced.rate, 20)).latencyMs['acquirer-routing'];
  return [
    validated('payments/s of a full topic', costs.perSecond, full.perSecond),
    validated(`p50 at ${costs.paced.rate}/s, ms`, costs.paced.p50, paced?.p50 ?? NaN),
    validated(`p99 at ${costs.paced.rate}/s, ms`, costs.paced.p99, paced?.p99 ?? NaN),
  ];
}

const validated = (what: string, measured: number, predicted: number): Validation => ({
  ...{ what, measured, predicted: Math.round(predicted * 10) / 10 },
  offPercent: Math.round((predicted / measured - 1) * 100),
});
