/** Jest's global teardown of the integration tests: stops the engines this run started, and no others. */
export default async function enginesDown() {
  await globalThis.fourwayTestEngines?.stop();
}
