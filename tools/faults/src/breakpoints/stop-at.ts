import { defined, sleep, SwitchError } from '@fourway/kernel';
import { z } from 'zod';
import { bodyOf } from './find-function.ts';
import { Inspector, type Inspected, type Paused } from './inspector.ts';

/** A place in the running code, named by function so that it cannot silently move. */
export interface Place {
  /** End of the compiled file's URL. */
  readonly script: string;
  readonly function: string;
  /** Before its first statement, or when it has done its work. */
  readonly at: 'entry' | 'return';
  /** JavaScript in the function's scope: which calls count. */
  readonly when: string;
  /** JavaScript in the function's scope: ids of the operations that the process holds there. */
  readonly held: string;
}

/** A process that stands at a breakpoint: none of its code runs until it is let go. */
export interface StoppedProcess extends Inspected {
  readonly stoppedMs: number;
  readonly held: readonly string[];
  /** Runs JavaScript in the scope in which it stands. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Removes the breakpoint and lets it go on. */
  readonly release: () => Promise<void>;
}

const locations = z.object({
  locations: z.array(
    z.object({ lineNumber: z.number(), columnNumber: z.number().default(0), type: z.string().optional() }),
  ),
});
const ids = z.array(z.string()).min(1);

/**
 * Waits until the process comes by a place, and stops it there.
 * @throws SwitchError `config_invalid` when there is no such place, `stalled` when it does not come by in time
 */
export async function stopAt(target: Inspected, place: Place, withinMs: number): Promise<StoppedProcess> {
  const inspector = await Inspector.open(target);
  const stopped = Promise.withResolvers<Paused>();
  inspector.onPaused = stopped.resolve;
  await inspector.send('Debugger.enable');
  await inspector.send('Debugger.setBreakpoint', { location: await locate(inspector, place), condition: place.when });
  const at = await Promise.race([stopped.promise, sleep(withinMs)]);
  if (at === undefined) {
    inspector.close();
    throw new SwitchError(
      'stalled',
      `${place.function} of ${place.script} was not reached within ${withinMs / 1_000} s`,
    );
  }
  const stoppedMs = Date.now();
  const frame = defined(at.callFrames[0], 'the frame of a breakpoint').callFrameId;
  const evaluate = (expression: string): Promise<unknown> => inspector.evaluate(expression, frame);
  return {
    ...target,
    stoppedMs,
    held: ids.parse(await evaluate(`[...new Set(${place.held})]`)),
    evaluate,
    release: async () => {
      await inspector.send('Debugger.disable');
      inspector.close();
    },
  };
}

async function locate(inspector: Inspector, { script, function: name, at }: Place): Promise<object> {
  const { scriptId } = scriptNamed(inspector, script);
  const { scriptSource } = z
    .object({ scriptSource: z.string() })
    .parse(await inspector.send('Debugger.getScriptSource', { scriptId }));
  const body = bodyOf(scriptSource, name);
  const within = { start: { scriptId, ...body, columnNumber: body.columnNumber + 1 }, restrictToFunction: true };
  const found = locations.parse(await inspector.send('Debugger.getPossibleBreakpoints', within)).locations;
  const place = at === 'entry' ? found[0] : found.findLast(({ type }) => type === 'return');
  if (place === undefined) throw new SwitchError('config_invalid', `${name} of ${script} has no place to stop at`);
  const { lineNumber, columnNumber } = place;
  return { scriptId, lineNumber, columnNumber };
}

function scriptNamed({ scripts }: Inspector, script: string): { readonly scriptId: string } {
  const found = scripts.filter(({ url }) => url.endsWith(script));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new SwitchError('config_invalid', `${found.length} loaded scripts are called ${script}, not one`);
  return only;
}
