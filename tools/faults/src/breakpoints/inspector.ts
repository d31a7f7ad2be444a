import { readFileSync } from 'node:fs';
import { SwitchError } from '@fourway/kernel';
import { z } from 'zod';
import { waitFor } from '../lab/wait-until.ts';

/** A process of the stack, and the log in which Node says where its inspector listens. */
export interface Inspected {
  readonly pid: number;
  readonly logFile: string;
}

export interface Script {
  readonly scriptId: string;
  readonly url: string;
}

const message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const scriptParsed = z.object({ scriptId: z.string(), url: z.string() });
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ exception: z.object({ description: z.string() }).partial().optional() }).optional(),
});
const paused = z.object({
  callFrames: z.array(z.object({ callFrameId: z.string() })),
  hitBreakpoints: z.array(z.string()).default([]),
});
export type Paused = z.infer<typeof paused>;

const listening = /Debugger listening on (ws:\S+)/g;
const openWithinMs = 10_000;

/**
 * V8's inspector of a running process (Chrome DevTools protocol). It is opened from outside, by SIGUSR1, so nothing in the product knows of it;
 * the stack gives every process a free port for it.
 */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, PromiseWithResolvers<unknown>>();
  readonly scripts: Script[] = [];
  #lastId = 0;
  onPaused: (at: Paused) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(String(data)));
    socket.addEventListener('close', () => this.#fail());
  }

  static async open({ pid, logFile }: Inspected): Promise<Inspector> {
    const known = await Inspector.#connect(lastAddress(logFile, 0), pid);
    if (known !== undefined) return known;
    const from = readFileSync(logFile, 'utf8').length;
    process.kill(pid, 'SIGUSR1');
    const wanted = { what: `the inspector of process ${pid}`, withinMs: openWithinMs, everyMs: 20 };
    return await waitFor(() => Inspector.#connect(lastAddress(logFile, from), pid), wanted);
  }

  /** Undefined where nobody listens there any more, or another process does. */
  static async #connect(url: string | undefined, pid: number): Promise<Inspector | undefined> {
    if (url === undefined) return undefined;
    const socket = new WebSocket(url);
    const opened = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true));
      socket.addEventListener('error', () => resolve(false));
    });
    if (!opened) return undefined;
    const inspector = new Inspector(socket);
    if ((await inspector.evaluate('process.pid')) === pid) return inspector;
    inspector.close();
    return undefined;
  }

  /** @throws SwitchError `engine_unavailable` when the process refuses, or is gone */
  send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const reply = Promise.withResolvers<unknown>();
    this.#replies.set(id, reply);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return reply.promise;
  }

  /** The value of an expression, in the frame of a stopped process or in the global scope. */
  async evaluate(expression: string, callFrameId?: string): Promise<unknown> {
    const what = { expression, returnByValue: true };
    const answer = evaluated.parse(
      callFrameId === undefined
        ? await this.send('Runtime.evaluate', what)
        : await this.send('Debugger.evaluateOnCallFrame', { ...what, callFrameId }),
    );
    if (answer.exceptionDetails === undefined) return answer.result.value;
    throw refused(`${expression}: ${answer.exceptionDetails.exception?.description ?? 'threw'}`);
  }

  /** A process that was stopped goes on. */
  close(): void {
    this.#socket.close();
  }

  #take(data: string): void {
    const { id, method, params, result, error } = message.parse(JSON.parse(data));
    if (method === 'Debugger.scriptParsed') this.scripts.push(scriptParsed.parse(params));
    if (method === 'Debugger.paused') this.onPaused(paused.parse(params));
    const reply = id === undefined ? undefined : this.#replies.get(id);
    if (id === undefined || reply === undefined) return;
    this.#replies.delete(id);
    if (error === undefined) reply.resolve(result);
    else reply.reject(refused(error.message));
  }

  #fail(): void {
    for (const reply of this.#replies.values()) reply.reject(refused('the process has ended'));
    this.#replies.clear();
  }
}

const refused = (what: string): SwitchError => new SwitchError('engine_unavailable', `inspector: ${what}`);

const lastAddress = (logFile: string, from: number): string | undefined =>
  [...readFileSync(logFile, 'utf8').slice(from).matchAll(listening)].at(-1)?.[1];
