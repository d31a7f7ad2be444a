import { SwitchError } from '@fourway/kernel';
import { z } from 'zod';

/** What a payment was measured to cost on one machine, in microseconds of CPU by process. */
export interface MeasuredCosts {
  readonly cpuMicros: Readonly<z.infer<typeof cpuSchema>>;
  /** Bytes of Postgres a payment, indexes included, by table. */
  readonly bytesByTable: Readonly<Record<string, number>>;
  /** What the same run made of a full topic, a second; what a simulation of that machine is held against. */
  readonly perSecond: number;
  readonly payments: number;
  readonly paced: { readonly rate: number; readonly p50: number; readonly p99: number };
}

const micros = z.number().default(0);
const cpuSchema = z.object({
  ...{ 'risk-scoring': micros, 'acquirer-routing': micros, settlement: micros },
  ...{ 'partner-platform': micros, 'qr-payment': micros, 'front-door': micros },
  ...{ acquirers: micros, kafka: micros, postgres: micros, redis: micros },
});

const reportSchema = z.object({
  cpuMicrosPerPayment: cpuSchema,
  results: z.object({
    B1: z.object({
      value: z.number(),
      detail: z.object({ payments: z.number(), postgresBytesByTable: z.record(z.string(), z.number()) }),
    }),
    B3: z.object({
      detail: z.object({ rate: z.number(), latencyMs: z.object({ p50: z.number(), p99: z.number() }) }),
    }),
  }),
});

/**
 * Costs from the report (`--json`) of a stream bench.
 * @throws SwitchError `config_invalid` when the text is no such report
 */
export function parseCosts(text: string, from: string): MeasuredCosts {
  const report = reportSchema.safeParse(jsonOf(text));
  if (!report.success)
    throw new SwitchError('config_invalid', `${from} is no stream report: ${z.prettifyError(report.error)}`);
  const { cpuMicrosPerPayment, results } = report.data;
  const { rate, latencyMs } = results.B3.detail;
  return {
    cpuMicros: cpuMicrosPerPayment,
    bytesByTable: results.B1.detail.postgresBytesByTable,
    ...{ perSecond: results.B1.value, payments: results.B1.detail.payments, paced: { rate, ...latencyMs } },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * 200,000 payments at 500,000 merchants on two shared cores with every engine; 60,000 paced. Used where no report is given, so that
 * anyone can repeat what docs/scaling.md says.
 */
export const documentedCosts: MeasuredCosts = {
  cpuMicros: {
    ...{ 'risk-scoring': 22.5, 'acquirer-routing': 65.2, settlement: 15.3 },
    ...{ 'partner-platform': 1.8, 'qr-payment': 8.3, 'front-door': 1.9 },
    ...{ acquirers: 15.4, kafka: 21.4, postgres: 55.1, redis: 36.4 },
  },
  bytesByTable: { 'routing.claim': 151, 'routing.outcome': 257, 'settlement.fact': 190 },
  ...{ perSecond: 7_789, payments: 200_000, paced: { rate: 2_000, p50: 57.8, p99: 160.1 } },
};
