export { HotData, type HotDataOptions, type KeyScript, type ScriptCall } from './hot-data.ts';
