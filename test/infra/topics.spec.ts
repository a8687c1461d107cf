import { readConfiguration } from '@concord/platform';
import { ServiceSettings } from '@concord/platform/serve';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SERVICES, yamlFile } from './settings.js';

const kept = (path: string): string => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
const topics = JSON.parse(kept('infra/kafka/topics.json')) as Record<string, unknown>;

describe('the topics of infra/kafka', () => {
  it('are those that the services make by themselves', () => {
    const { KAFKA_PARTITIONS, KAFKA_REPLICATION, KAFKA_RETENTION_MS } = readConfiguration(ServiceSettings, {
      DATABASE_URL: 'postgresql://x',
      KAFKA_BROKERS: 'kafka:9092',
    });
    expect(topics).toEqual({
      partitions: KAFKA_PARTITIONS,
      replication: KAFKA_REPLICATION,
      retentionMs: KAFKA_RETENTION_MS,
      contexts: SERVICES.filter((name) => name !== 'gateway'),
    });
  });

  it('keep events for ever, as every listener begins at the beginning', () => {
    expect(topics['retentionMs']).toBe(-1);
    const { kafka } = yamlFile('infra/helm/concord/values.yaml') as { kafka: Record<string, unknown> };
    expect(kafka).toMatchObject({ partitions: topics['partitions'], replication: topics['replication'] });
    for (const file of ['infra/compose.yaml', 'infra/helm/concord/templates/config.yaml'])
      expect(kept(file)).not.toContain('KAFKA_RETENTION_MS');
  });
});
