import { preset } from './jest.preset.mjs';

/** Fast tests: no engine, no socket to anything but this process. */
export default { ...preset, testMatch: ['**/*.spec.ts'] };
