import { defined } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';

/** The deny list's truth. */
export class DenyListRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Rises with every change of the list. */
  async version(): Promise<string> {
    const [row] = await this.#database.query({
      name: 'deny_list_version',
      text: 'select version from deny_list_version',
      values: [],
    });
    return defined(row?.[0], 'the version of the deny list');
  }

  async cardTokens(): Promise<Set<string>> {
    const rows = await this.#database.query({
      name: 'deny_list',
      text: 'select card_token from deny_list',
      values: [],
    });
    return new Set(rows.map(([token]) => defined(token, 'a denied card token')));
  }
}
