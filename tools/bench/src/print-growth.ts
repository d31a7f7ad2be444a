import { grouped, tableOf } from '@fourway/cli';
import type { RunGrowth } from './figures/run-growth.ts';

const tenths = Array.from({ length: 10 }, (_, i) => String(i + 1));

/** Where cost and holdings grow, for people: a column a tenth of the run. */
export function growthTables(growth: RunGrowth): string[] {
  const { cpuMicrosByTenth, memoryMiBByTenth, lagByTenth } = growth;
  const { postgresMiBByTenth, writeAheadLogMiBByTenth, redisMiBByTenth } = growth;
  const rows = (figures: Readonly<Record<string, readonly number[]>>): string[][] =>
    Object.entries(figures).map(([name, values]) => [name, ...values.map(cellOf)]);
  return [
    tableOf(['B2 CPU per payment by tenth, µs', ...tenths], rows(cpuMicrosByTenth)),
    tableOf(['memory at the end of each tenth, MiB', ...tenths], rows(memoryMiBByTenth)),
    tableOf(
      ['stored and waiting at the end of each tenth', ...tenths],
      rows({
        ...{ 'Postgres, MiB': postgresMiBByTenth, 'its write-ahead log, MiB': writeAheadLogMiBByTenth },
        ...{ 'Redis, MiB': redisMiBByTenth },
        ...Object.fromEntries(Object.entries(lagByTenth).map(([stage, lag]) => [`records before ${stage}`, lag])),
      }),
    ),
  ];
}

const cellOf = (value: number): string => (Number.isInteger(value) ? grouped(value) : value.toFixed(1));
