import { readFileSync } from 'node:fs';
import { writeReport } from '@fourway/cli';
import { commit, machine } from '@fourway/day';
import type { BenchArguments } from '../arguments.ts';
import { documentedCosts, parseCosts } from './costs.ts';
import { limitsOf, storageOf } from './limits.ts';
import { hundredfoldDay } from './plan-day.ts';
import { printPrediction, printScaling } from './print-scaling.ts';
import { scalingBench, type ScalingPoint } from './scaling-bench.ts';
import { simulateDay } from './simulate-day.ts';

/** `--only scaling`: measures 1, 2 and 4 replicas; with `--simulate` predicts a day a hundred times as large. The exit code. */
export async function runScaling(options: BenchArguments): Promise<number> {
  return options.simulate ? simulateScaling(options) : await measureScaling(options);
}

async function measureScaling(options: BenchArguments): Promise<number> {
  const done: ScalingPoint[] = [];
  await scalingBench(options, (point) => {
    done.push(point);
    // As they come: a run that is cut short has not been for nothing.
    writeTo(options, { options, points: done });
  });
  console.log(`\n${printScaling(done)}`);
  const agree = done.every(({ booksAgree }) => booksAgree);
  console.log(
    `\nscaling: ${done.map(({ replicas, throughput }) => `${replicas}: ${throughput.perSecond}/s, ${throughput.cpuMicrosPerPayment['total'] ?? NaN} µs`).join('; ')}; books ${agree ? 'agree' : 'DIFFER'}`,
  );
  return agree ? 0 : 1;
}

function simulateScaling(options: BenchArguments): number {
  const { costs: file, seed } = options;
  const costs = file === undefined ? documentedCosts : parseCosts(readFileSync(file, 'utf8'), file);
  const prediction = simulateDay(costs, seed);
  const bounds = { limits: limitsOf(costs), storage: storageOf(costs, hundredfoldDay.paymentsADay) };
  writeTo(options, { costs, ...prediction, ...bounds });
  console.log(printPrediction(prediction, bounds));
  const [rate] = prediction.validation;
  console.log(`\nscaling: simulated with seed ${seed}; ${rate?.what} ${rate?.offPercent} % off the measured`);
  return 0;
}

function writeTo({ json }: BenchArguments, figures: object): void {
  if (json !== undefined) writeReport(json, { commit: commit(), machine: machine(), ...figures });
}
