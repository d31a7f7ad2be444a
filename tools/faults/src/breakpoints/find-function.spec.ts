import { describe, expect, it } from '@jest/globals';
import { bodyOf } from './find-function.ts';

const source = `export class Links {
    submit(batch) {
        return this.#submit(batch, 1);
    }
    async #submit(batch, how) {
        if (batch.submit(1)) {
        }
    }
}
export class Other {
    take(all) {
    }
}
function take(one) {
}`;

describe('finding where to stop', () => {
  it('finds a method by its name, not its calls', () => {
    expect(bodyOf(source, 'submit')).toEqual({ lineNumber: 1, columnNumber: 18 });
  });

  it('tells a private method from a public one', () => {
    expect(bodyOf(source, '#submit')).toEqual({ lineNumber: 4, columnNumber: 30 });
  });

  it.each(['gone', 'take'])('refuses %s, which is not there exactly once', (name) => {
    expect(() => bodyOf(source, name)).toThrow('not one');
  });
});
