import type { DirectoryEntity } from '@fourway/contracts';
import type { FieldProblem } from '@fourway/platform-http';
import { changedParties } from '../directory/fixed-parties.ts';
import type { Draft, StoredEntity } from '../directory/stored-entity.ts';

/** What an entity may not become, given what it is; the routes for single entities have the same rules. */
export function transitionFaults({ entity }: Draft, current: StoredEntity | undefined): FieldProblem[] {
  if (current === undefined) return [];
  if (current.status === 'closed')
    return [
      {
        pointer: '',
        code: 'closed',
        rule: 'must stay as it is: the entity is closed',
        remedy: 'Leave the line out, or give the entity another id.',
      },
    ];
  if (entity.type === 'fee_contract' && current.entity.type === 'fee_contract')
    return changedParties(entity.feeContract, current.entity.feeContract);
  return plateFaults(entity, current.entity);
}

function plateFaults(entity: DirectoryEntity, current: DirectoryEntity): FieldProblem[] {
  if (entity.type !== 'plate' || current.type !== 'plate') return [];
  const [from, to] = [current.plate.merchantId, entity.plate.merchantId];
  if (from === '' || to === '' || from === to) return [];
  return [
    {
      pointer: '/merchantId',
      code: 'plate_bound',
      rule: `must be ${from} or empty: the plate is bound`,
      remedy: 'Unbind the plate first.',
    },
  ];
}
