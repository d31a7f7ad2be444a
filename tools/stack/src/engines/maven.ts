import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes/run.ts';

const quiet = ['-B', '-q', '-ntp', '-Dstyle.color=never'];

/** Runs a goal of Maven's dependency plugin in `folder`, on a copy of the pinned pom, so that nothing is written beside the original. */
export async function mavenDependency(folder: string, pom: string, goal: readonly string[]): Promise<void> {
  copyFileSync(pom, join(folder, 'pom.xml'));
  const [name = '', ...settings] = goal;
  await run('mvn', [...quiet, '-f', join(folder, 'pom.xml'), `dependency:${name}`, ...settings], { cwd: folder });
}
