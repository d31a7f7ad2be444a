import { defined } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import type { SettlementFileRecord } from './file-record.ts';

/** open, closed (positions stand), filed (files stand), announced (settlement.cycles.v1 has it). */
export type CycleState = 'open' | 'closed' | 'filed' | 'announced';

export interface CyclePosition {
  readonly participantType: string;
  /** 8 digits; `0` for the network. */
  readonly participantId: string;
  readonly currency: string;
  /** Minor units; positive: the switch owes the participant. */
  readonly netMinor: bigint;
}

/** What the ledger remembers of a cycle. */
export interface CycleRecord {
  readonly cycleId: string;
  readonly state: CycleState;
  /** Milliseconds since the Unix epoch; null while it is open. */
  readonly closedAtMs: number | null;
  readonly positions: readonly CyclePosition[];
  /** By path; none before it is filed. */
  readonly files: readonly SettlementFileRecord[];
}

/** Reads a cycle; null where there is none of this id. */
export async function readCycleRecord(database: Database, cycleId: string): Promise<CycleRecord | null> {
  const read = (text: string): ReturnType<Database['query']> => database.query({ name: '', text, values: [cycleId] });
  const [cycle] = await read(
    'select state, (extract(epoch from closed_at) * 1000)::bigint from settlement.cycle where cycle_id = $1',
  );
  if (cycle === undefined) return null;
  const positions = await read(
    `select participant_type, participant_id, currency, net_minor from settlement.cycle_position where cycle_id = $1
      order by participant_type, participant_id, currency`,
  );
  const files = await read(
    `select path, participant_type, participant_id, currency, details, net_minor, bytes, sha256
      from settlement.cycle_file where cycle_id = $1 order by path collate "C"`,
  );
  return {
    cycleId,
    state: parseState(cycle[0]),
    closedAtMs: typeof cycle[1] === 'string' ? Number(cycle[1]) : null,
    positions: positions.map(([participantType, participantId, currency, net]) => ({
      participantType: defined(participantType, 'participant_type'),
      participantId: defined(participantId, 'participant_id'),
      currency: defined(currency, 'currency'),
      netMinor: BigInt(defined(net, 'net_minor')),
    })),
    files: files.map(([path, participantType, participantId, currency, details, net, bytes, sha256]) => ({
      path: defined(path, 'path'),
      participantType: defined(participantType, 'participant_type'),
      participantId: defined(participantId, 'participant_id'),
      currency: defined(currency, 'currency'),
      details: Number(details),
      netMinor: BigInt(defined(net, 'net_minor')),
      bytes: Number(bytes),
      sha256: defined(sha256, 'sha256'),
    })),
  };
}

const parseState = (text: string | null | undefined): CycleState => defined(text, 'cycle state') as CycleState;
