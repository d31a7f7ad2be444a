export { HotData, type HotDataOptions, type KeyScript, type ScriptCall } from './hot-data.ts';
export { VersionedCopy, type VersionedEntry } from './versioned-copy.ts';
