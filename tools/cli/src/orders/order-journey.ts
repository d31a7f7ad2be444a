import { sleep } from '@fourway/kernel';
import type { HttpCreate, HttpOrder } from '@fourway/world';
import { textOf, type ApiAnswer, type ApiClient, type Caller } from './api-client.ts';
import type { OrderTally, PaymentEnd } from './order-tally.ts';

export interface JourneyContext {
  readonly client: ApiClient;
  readonly tally: OrderTally;
  /** How long a payment may stay pending, milliseconds. */
  readonly waitMs: number;
  /** Sends the same merchant order through the other door. */
  readonly otherDoor: (order: HttpOrder) => Promise<void>;
}

/** The payers' app of the sample network. */
const wallet: Caller = { principal: 'wallet:sample', version: 1 };
const pollMs = 250;
const merchantWaitSeconds = 10;

/** One order from its creation to the moment when its merchant knows how it ended. */
export async function playOrder(order: HttpOrder, context: JourneyContext): Promise<void> {
  const { tally } = context;
  tally.orders += 1;
  const created = await createOrder(order, context);
  if (created === undefined) return;
  const [first, ...again] = order.payments;
  if (first === undefined) {
    tally.unpaid += 1;
    return;
  }
  const startedMs = performance.now();
  const pay = (): Promise<ApiAnswer> =>
    context.client.send({
      ...{ caller: wallet, method: 'POST', path: '/v1/payments', idempotencyKey: first.idempotencyKey },
      body: { qrPayload: created.qrPayload, cardToken: first.cardToken },
    });
  const timed = async (): Promise<ApiAnswer> => {
    const answer = await pay();
    tally.paid.add(performance.now() - startedMs);
    return answer;
  };
  const [paid] = await Promise.all([timed(), learn(order, created.orderId, { context, startedMs })]);
  const final = await untilFinal(paid, context);
  tally.ended(order, final);
  if (order.bothDoors && final.end === 'approved') await context.otherDoor(order);
  while (again.pop() !== undefined) checkReplay(order, { first: paid, again: await pay() }, context);
}

interface CreatedOrder {
  readonly orderId: string;
  readonly qrPayload: string;
}

async function createOrder(order: HttpOrder, { client, tally }: JourneyContext): Promise<CreatedOrder | undefined> {
  let made: CreatedOrder | undefined;
  for (const create of order.creates) {
    const startedMs = performance.now();
    const answer = await client.send({
      ...{ caller: merchantOf(order), method: 'POST', path: '/v1/orders' },
      ...{ idempotencyKey: create.idempotencyKey, body: create.body },
    });
    tally.created.add(performance.now() - startedMs);
    const orderId = textOf(answer, 'orderId');
    const wrong = faultOf(create, answer, { firstId: made?.orderId, mayRepeat: client.mayRepeat });
    if (wrong !== undefined) tally.surprise(order, create.expected, wrong);
    else if (create.expected === 'same_order') tally.replays += 1;
    else if (create.expected === 'conflict') tally.conflicts += 1;
    else made = { orderId, qrPayload: textOf(answer, 'qrPayload') };
  }
  return made;
}

/** What is wrong with the answer to a create; undefined where nothing is. */
function faultOf(
  { expected }: HttpCreate,
  answer: ApiAnswer,
  { firstId, mayRepeat }: { firstId: string | undefined; mayRepeat: boolean },
): string | undefined {
  const isAsExpected = {
    new_order: answer.status === 201 && (mayRepeat || !answer.isReplay),
    same_order: answer.status === 201 && answer.isReplay && textOf(answer, 'orderId') === firstId,
    conflict: answer.status === 422,
  }[expected];
  return isAsExpected ? undefined : `${answer.status} ${textOf(answer, 'code')}${textOf(answer, 'status')}`;
}

const merchantOf = ({ merchantId, apiKeyVersion }: HttpOrder): Caller => ({
  principal: `merchant:${merchantId}`,
  version: apiKeyVersion,
});

/** The merchant asks while the payer pays, and is answered when the order's payment is decided. */
async function learn(
  order: HttpOrder,
  orderId: string,
  { context, startedMs }: { context: JourneyContext; startedMs: number },
): Promise<void> {
  const path = `/v1/orders/${orderId}?waitSeconds=${merchantWaitSeconds}`;
  const { status } = await context.client.send({ caller: merchantOf(order), method: 'GET', path });
  if (status === 200) context.tally.learnt.add(performance.now() - startedMs);
  else context.tally.surprise(order, 'the order', String(status));
}

async function untilFinal(
  answer: ApiAnswer,
  { client, waitMs }: JourneyContext,
): Promise<{ end: PaymentEnd; acquirerId: string }> {
  const untilMs = performance.now() + waitMs;
  let latest = answer;
  while (textOf(latest, 'status') === 'pending' && performance.now() < untilMs) {
    await sleep(pollMs);
    const path = `/v1/payments/${textOf(latest, 'operationId')}`;
    latest = await client.send({ caller: wallet, method: 'GET', path });
  }
  return { end: endOf(latest), acquirerId: textOf(latest, 'acquirerId') };
}

function endOf(answer: ApiAnswer): PaymentEnd {
  const end = textOf(answer, 'status');
  if (answer.status >= 400) return 'refused';
  return isEnd(end) ? end : 'pending';
}

const ends: readonly string[] = ['approved', 'declined', 'reversed', 'expired', 'refused', 'pending'];
const isEnd = (end: string): end is PaymentEnd => ends.includes(end);

function checkReplay(
  order: HttpOrder,
  { first, again }: { first: ApiAnswer; again: ApiAnswer },
  { tally }: JourneyContext,
): void {
  const isSame = again.isReplay && textOf(again, 'operationId') === textOf(first, 'operationId');
  if (isSame) tally.replays += 1;
  else tally.surprise(order, 'the same payment again', `${again.status} ${JSON.stringify(again.body).slice(0, 200)}`);
}
