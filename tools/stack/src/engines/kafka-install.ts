import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../processes/errors.ts';
import { probe } from '../processes/run.ts';
import { enginesFolder } from '../state-folder.ts';
import { readChecksums, verifyFolder } from './checksums.ts';
import { installFolder, mayUseInstalled, pinnedFile } from './installed-folder.ts';
import { mavenDependency } from './maven.ts';

const version = '4.1.0';
const remedy = 'Set FOURWAY_KAFKA=host:port to use a running Kafka, set KAFKA_HOME to an installed Kafka 4, or install';

export interface KafkaProgram {
  readonly java: string;
  readonly classPath: string;
}

/** Finds Kafka in KAFKA_HOME, else fetches its pinned jars with Maven. Needs Java 17 or newer. */
export async function findKafka(report: (line: string) => void): Promise<KafkaProgram> {
  const java = await findJava();
  const home = process.env['KAFKA_HOME'];
  if (mayUseInstalled() && home !== undefined && existsSync(join(home, 'libs')))
    return { java, classPath: join(home, 'libs', '*') };
  const jars = await installFolder(join(enginesFolder, `kafka-${version}`), (draft) => fetchJars(draft, report));
  return { java, classPath: join(jars, '*') };
}

async function fetchJars(draft: string, report: (line: string) => void): Promise<string> {
  if ((await probe('mvn', ['-v'])) === undefined)
    throw new StackError(`Kafka needs Maven to be fetched. ${remedy} Maven (mvn).`);
  report(`Kafka ${version}: fetching its jars with Maven (about 45 MB)`);
  const jars = join(draft, 'jars');
  await mavenDependency(draft, pinnedFile('kafka', 'pom.xml'), [
    'copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${jars}`,
  ]);
  verifyFolder(jars, readChecksums(pinnedFile('kafka', 'jars.sha256')));
  report(`Kafka ${version}: fetched, checksums match`);
  return jars;
}

async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined ? 'java' : join(home, 'bin', 'java');
  const major = Number(
    /^openjdk (\d+)|^java (\d+)/
      .exec((await probe(java, ['--version'])) ?? '')
      ?.slice(1)
      .find(Boolean),
  );
  if (!(major >= 17))
    throw new StackError(`Kafka needs Java 17 or newer. ${remedy} Java 17 (for example openjdk-17-jre-headless).`);
  return java;
}
