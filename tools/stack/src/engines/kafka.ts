import { mkdirSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { StackHost } from '../host.ts';
import { run } from '../processes/run.ts';
import { givenEngine, superviseEngine, type Engine } from './engine.ts';
import { pinnedFile } from './installed-folder.ts';
import { findKafka, type KafkaProgram } from './kafka-install.ts';
import { kafkaAnswers } from './readiness.ts';

/** Starts one Kafka node (KRaft: broker and controller in one process), or uses the one at FOURWAY_KAFKA. */
export async function startKafka(host: StackHost): Promise<Engine> {
  const given = process.env['FOURWAY_KAFKA'];
  if (given !== undefined)
    return await givenEngine({ name: 'kafka', address: given }, () => kafkaAnswers(...hostAndPort(given)));
  const program = await findKafka(host.report);
  const port = await host.ports.take();
  const properties = writeProperties(join(host.folder.data, 'kafka'), port, await host.ports.take());
  await run(program.java, [
    ...toolFlags,
    '-cp',
    program.classPath,
    'kafka.tools.StorageTool',
    'format',
    `--cluster-id=${clusterId()}`,
    `--config=${properties}`,
  ]);
  const supervised = superviseEngine('kafka', host, {
    command: program.java,
    args: [...brokerFlags(program, host), 'kafka.Kafka', properties],
    // Its data is thrown away with the stack, so it need not hand over leadership to anyone first.
    stopSignal: 'SIGKILL',
    isReady: () => kafkaAnswers('127.0.0.1', port),
  });
  return { name: 'kafka', address: `127.0.0.1:${port}`, process: supervised };
}

const logging = `-Dlog4j2.configurationFile=${pinnedFile('kafka', 'log4j2.properties')}`;
// Without UsePerfData, a killed JVM leaves nothing in the system's temporary folder.
const toolFlags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData', logging];

function brokerFlags(program: KafkaProgram, host: StackHost): string[] {
  const heap = host.size === 'standard' ? '1g' : '512m';
  return [
    '-server',
    `-Xms${heap}`,
    `-Xmx${heap}`,
    '-XX:+UseG1GC',
    '-XX:MaxGCPauseMillis=20',
    '-XX:InitiatingHeapOccupancyPercent=35',
    '-XX:-UsePerfData',
    '-Djava.awt.headless=true',
    `-Djava.io.tmpdir=${join(host.folder.data, 'kafka', 'tmp')}`,
    logging,
    '-cp',
    program.classPath,
  ];
}

function writeProperties(folder: string, port: number, controllerPort: number): string {
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const file = join(folder, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `BROKER://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'log'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    // One node needs no spread; each of the default fifty partitions costs start-up and recovery time.
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A broker that was killed may register again only when its old session is over: 9 s by default.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'log.retention.bytes': -1,
    'log.retention.hours': 168,
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
}

function hostAndPort(brokers: string): [host: string, port: number] {
  const { hostname, port } = new URL(`tcp://${brokers.split(',')[0] ?? ''}`);
  return [hostname, Number(port)];
}

function clusterId(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
}
