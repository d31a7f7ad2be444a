/** Data that a service keeps in Redis and brings back by itself when it is gone. */
export interface HotCopy {
  readonly service: string;
  readonly what: string;
  /** Keys that are there when the copy is complete. */
  readonly markers: readonly string[];
  /** Removing the markers has the service copy everything again. */
  readonly isRemovable: boolean;
  /** Holds the number of entries that are copied, while it is rebuilt. */
  readonly progressKey?: string;
  /** Counts what is to be copied. */
  readonly total?: string;
}

/** As in apps/risk-scoring/src/card-velocity/velocity-keys.ts. */
const velocityTags = 16;

const merchantsOf = (service: string, schema: string): HotCopy => ({
  ...{ service, what: 'merchants', isRemovable: true },
  markers: [`{${schema}:hot-data}`],
  progressKey: `{${schema}:hot-data}:copied`,
  total: `select count(*) from ${schema}.merchant`,
});

export const hotCopies: readonly HotCopy[] = [
  merchantsOf('acquirer-routing', 'routing'),
  // Card windows are counted anew when Redis has lost them; good ones are left alone, since payments are declined meanwhile.
  {
    ...{ service: 'risk-scoring', what: 'card windows', isRemovable: false },
    markers: Array.from({ length: velocityTags }, (_, tag) => `risk:velocity:{${tag}}:windows`),
  },
];
