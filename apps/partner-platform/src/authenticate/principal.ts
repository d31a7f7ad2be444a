import type { StoredEntity } from '../directory/stored-entity.ts';
import { merchantIdOf } from '../directory/stored-entity.ts';

/** Whose entities a caller reaches; everybody else's are not there for it. */
export type Reach =
  | { readonly kind: 'all' }
  | { readonly kind: 'provider'; readonly providerId: string }
  | { readonly kind: 'merchant'; readonly merchantId: string };

/** Who sent a request. */
export interface Principal {
  /** `<type>:<id>`. */
  readonly name: string;
  readonly reach: Reach;
}

export function reaches(reach: Reach, stored: Pick<StoredEntity, 'entity' | 'providerId'>): boolean {
  switch (reach.kind) {
    case 'all':
      return true;
    case 'provider':
      return stored.providerId === reach.providerId;
    case 'merchant':
      return merchantIdOf(stored.entity) === reach.merchantId;
  }
}
