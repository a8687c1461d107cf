import { ServiceSettings } from '@concord/platform/serve';
import { z } from 'zod';

const NAMED = /^[a-z]+=https?:\/\/[^\s,]+(,[a-z]+=https?:\/\/[^\s,]+)*$/u;

/** What the environment may say to the gateway: as to every service, and where the others are. */
export const GatewaySettings = ServiceSettings.extend({
  CONCORD_SERVICES: z
    .string()
    .regex(NAMED, 'must be name=url, several separated by commas')
    .optional()
    .meta({ description: 'Where the services are: name=url, separated by commas; one that is not named is at http://<name>:3000' }),
  CONCORD_WEB_URL: z
    .url({ protocol: /^https?$/u })
    .optional()
    .meta({ description: 'Where the pages are served; then every address that is not the API’s leads there' }),
  CONCORD_ANSWER_MS_MAX: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .meta({ description: 'How long a service may take to answer, then 504; operators’ routes have twenty times as long' }),
  CONCORD_TRUSTED_PROXIES: z.string().default('').meta({
    description: 'Addresses of proxies in front of the gateway, whose X-Forwarded-For is believed: CIDR blocks separated by commas',
  }),
  CONCORD_ORIGINS: z
    .string()
    .default('')
    .meta({ description: 'Origins of foreign pages that may open sockets, separated by commas' }),
  CONCORD_REQUESTS_PER_SECOND: z.coerce
    .number()
    .positive()
    .default(200)
    .meta({ description: 'Requests each caller may make a second' }),
  CONCORD_REQUESTS_BURST: z.coerce.number().positive().default(1000).meta({ description: 'Requests a caller may make at once' }),
});
/** What the environment says to the gateway. */
export type GatewaySettings = z.output<typeof GatewaySettings>;

/** Addresses of these services, without a slash at the end. */
export function addressesOf(names: readonly string[], { CONCORD_SERVICES }: GatewaySettings): ReadonlyMap<string, string> {
  const named = new Map((CONCORD_SERVICES?.split(',') ?? []).map((entry) => entry.split(/=(.*)/u, 2) as [string, string]));
  return new Map(names.map((name) => [name, (named.get(name) ?? `http://${name}:3000`).replace(/\/+$/u, '')]));
}
