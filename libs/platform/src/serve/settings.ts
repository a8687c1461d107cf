import { z } from 'zod';
import type { KafkaSecurity } from '../bus/kafka-client.js';
import { BadConfiguration } from '../config.js';
import { tracingSettings } from '../telemetry/start-tracing.js';

/** A whole number within bounds, as the environment writes it. */
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** What the environment says of the way to Kafka. */
export const KafkaSettings = z.object({
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/u, 'must be host:port, several separated by commas')
    .meta({ description: 'Brokers to begin with: host:port, separated by commas' }),
  KAFKA_TLS: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'true: connections are encrypted, and the brokers’ certificates checked' }),
  KAFKA_CA: z
    .string()
    .includes('-----BEGIN CERTIFICATE-----', 'must be PEM text')
    .optional()
    .meta({ description: 'Authorities that sign the brokers’ certificates, PEM text; those that Node knows when absent' }),
  KAFKA_USERNAME: z.string().min(1).optional().meta({ description: 'Whom the brokers let in (SASL); they ask nobody when absent' }),
  KAFKA_PASSWORD: z.string().min(1).optional().meta({ description: 'The password of KAFKA_USERNAME' }),
  KAFKA_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('scram-sha-512')
    .meta({ description: 'How the password is shown to the brokers; plain needs KAFKA_TLS' }),
});

/**
 * How to get in to the brokers; undefined where they trust everybody.
 * @throws BadConfiguration where settings do not fit each other.
 */
export function kafkaSecurity(settings: z.output<typeof KafkaSettings>): KafkaSecurity | undefined {
  const {
    KAFKA_TLS,
    KAFKA_CA: authorities,
    KAFKA_MECHANISM: mechanism,
    KAFKA_USERNAME: username,
    KAFKA_PASSWORD: password,
  } = settings;
  const tls = KAFKA_TLS === 'true';
  const login = username !== undefined && password !== undefined ? { mechanism, username, password } : undefined;
  const faults = [
    ...((username === undefined) === (password === undefined) ? [] : ['KAFKA_USERNAME and KAFKA_PASSWORD belong together']),
    ...(login?.mechanism === 'plain' && !tls
      ? ['KAFKA_MECHANISM: plain would show the password to the net; set KAFKA_TLS=true']
      : []),
    ...(authorities !== undefined && !tls ? ['KAFKA_CA is set, and KAFKA_TLS is not true'] : []),
  ];
  if (faults.length > 0) throw new BadConfiguration(faults);
  if (!tls && !login) return undefined;
  return { tls: tls && (authorities === undefined || { ca: authorities }), ...(login ? { login } : {}) };
}

/** What the environment may say to every service of the distributed composition. */
export const ServiceSettings = z.object({
  CONCORD_ENV: z
    .enum(['development', 'production'])
    .default('production')
    .meta({ description: 'development: business time can be moved, by a registrar, for the demo' }),
  CONCORD_HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'Address to listen on' }),
  CONCORD_PORT: whole(0, 65_535).default(3000).meta({ description: 'Port to listen on; 0 takes a free one' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/u })
    .meta({ description: 'PostgreSQL 15 or newer; see CONCORD_DATABASE_ROLE for whose address it is' }),
  CONCORD_DATABASE_ROLE: z.enum(['make', 'own']).default('make').meta({
    description:
      'make: the role of DATABASE_URL may create roles, and the service makes its own and its schema; own: it is the service’s own role, and schema and search_path are there',
  }),
  CONCORD_DATABASE_CONNECTIONS: whole(4, 100).default(8).meta({ description: 'Connections of the pool at most' }),
  ...KafkaSettings.shape,
  KAFKA_PARTITIONS: whole(1, 1000).default(6).meta({ description: 'Partitions of a topic that this service creates' }),
  KAFKA_REPLICATION: whole(1, 10).default(3).meta({ description: 'Copies of each partition of a topic that this service creates' }),
  KAFKA_RETENTION_MS: whole(-1, Number.MAX_SAFE_INTEGER)
    .default(-1)
    .meta({ description: 'How long events stay in a topic; -1 for ever, so that a context added later reads all of them' }),
  CONCORD_TRUSTED_PROXIES: z
    .string()
    .default('127.0.0.0/8,::1/128')
    .meta({ description: 'Addresses of the gateways, whose X-Forwarded-For is believed: CIDR blocks separated by commas' }),
  CONCORD_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ description: 'Least level that is logged, as JSON on standard error' }),
  ...tracingSettings,
});
/** What the environment says to a service. */
export type ServiceSettings = z.output<typeof ServiceSettings>;
