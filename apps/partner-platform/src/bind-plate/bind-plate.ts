import type { Plate } from '@fourway/contracts';
import { HttpProblem } from '@fourway/platform-http';
import { reaches } from '../authenticate/principal.ts';
import type { DirectoryUnit } from '../directory/directory-unit.ts';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { plateStateOf } from '../directory/entity-view.ts';
import { keyOf, type StoredEntity } from '../directory/stored-entity.ts';
import { assertReferences } from '../edit-entities/assert-references.ts';
import { notFound } from '../edit-entities/change-entity.ts';
import { callOf, type Request } from '../edit-entities/request.ts';

/** Where a plate is put up; empty store or terminal: none in particular. */
export type PlatePlace = Omit<Plate, 'plateId'>;

const nowhere: PlatePlace = { merchantId: '', storeId: '', terminalId: '' };

/** A plate's life: PRINTED, BOUND, UNBOUND and BOUND again. It never goes from one merchant to another without being unbound between. */
export class BindPlate {
  readonly #directory: DirectoryRepository;

  constructor(directory: DirectoryRepository) {
    this.#directory = directory;
  }

  /** Binding where it is bound already changes nothing. @throws HttpProblem 404, 409 for a plate of another merchant, 422 */
  bind(plateId: string, place: PlatePlace, request: Request): Promise<StoredEntity> {
    return this.#place('bind', { plateId, ...place }, request);
  }

  /** Unbinding what is unbound changes nothing. @throws HttpProblem 404, 409 for a plate that was never bound */
  unbind(plateId: string, request: Request): Promise<StoredEntity> {
    return this.#place('unbind', { plateId, ...nowhere }, request);
  }

  #place(action: 'bind' | 'unbind', plate: Plate, request: Request): Promise<StoredEntity> {
    const key = { type: 'plate', id: plate.plateId } as const;
    const { reach } = request.principal;
    return this.#directory.change(callOf(request, `plate.${action}`, keyOf(key)), async (unit: DirectoryUnit) => {
      const current = (await unit.find([key])).get(key);
      if (current === undefined || !reaches(reach, current)) throw notFound(key);
      assertMayMove(current, plate);
      const proposal = { entity: { ...key, plate }, status: current.status, stock: current.providerId };
      return unit.saveOne(await assertReferences(unit, proposal, reach), current);
    });
  }
}

function assertMayMove(current: StoredEntity, { plateId, merchantId }: Plate): void {
  const state = plateStateOf(current);
  if (merchantId === '' && state === 'PRINTED')
    throw conflict('plate_not_bound', `Plate ${plateId} was never bound; there is nothing to unbind.`);
  if (current.status === 'closed') throw conflict('plate_closed', `Plate ${plateId} is closed.`);
  const boundTo = current.entity.type === 'plate' ? current.entity.plate.merchantId : '';
  if (merchantId !== '' && boundTo !== '' && boundTo !== merchantId)
    throw conflict('plate_bound', `Plate ${plateId} is bound to another merchant. Unbind it first.`);
}

const conflict = (code: string, detail: string): HttpProblem =>
  new HttpProblem({ status: 409, code, title: 'The plate is in another state', detail });
