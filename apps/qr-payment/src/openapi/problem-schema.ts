const text = { type: 'string' };

/** RFC 9457, as libs/platform/http writes it. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    ...{ type: text, title: text, status: { type: 'integer' }, detail: text, code: text, requestId: text },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'rule', 'remedy'],
        properties: { pointer: text, code: text, rule: text, remedy: text },
      },
    },
  },
};
