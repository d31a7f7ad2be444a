import { Database } from '@fourway/platform-postgres';

/** Risk-scoring compares its snapshot of the list with Postgres every second. */
export const denyListTakesEffectMs = 2_500;

/** Puts card tokens on the deny list; those on it stay. In force after `denyListTakesEffectMs`. */
export async function denyCards(postgresUrl: string, cardTokens: readonly string[]): Promise<void> {
  const database = new Database({ url: postgresUrl, applicationName: 'fourway-world', maxConnections: 1 });
  try {
    await database.query({
      name: '',
      text: `insert into risk.deny_list (card_token, reason) select token, 'sample world' from unnest($1::text[]) token on conflict do nothing`,
      values: [cardTokens],
    });
  } finally {
    await database.close();
  }
}
