import { SwitchError } from '@fourway/kernel';
import { z } from 'zod';
import type { Baseline } from '../stream-figures.ts';

const reportSchema = z.object({
  results: z.object({ B1: z.object({ value: z.number() }) }),
  options: z.object({ payments: z.number() }),
  cpuMicrosPerPayment: z.record(z.string(), z.number()),
});

/**
 * The baseline in the report (`--json`) of an earlier run.
 * @throws SwitchError `config_invalid` when the text is no such report
 */
export function parseBaseline(text: string, { from }: Pick<Baseline, 'from'>): Baseline {
  const report = reportSchema.safeParse(parseJson(text));
  if (!report.success)
    throw new SwitchError('config_invalid', `${from} is no report of this bench: ${z.prettifyError(report.error)}`);
  const { results, options, cpuMicrosPerPayment } = report.data;
  return { payments: options.payments, cpuMicrosPerPayment, perSecond: results.B1.value, from };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
