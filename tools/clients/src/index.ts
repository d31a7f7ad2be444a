export { upstreamMaterial, type UpstreamMaterial } from './upstream-material.ts';
export { preparePython, type PythonEnvironment } from './python-environment.ts';
export { runPythonClient, type ClientReport, type ClientRun } from './run-python-client.ts';
