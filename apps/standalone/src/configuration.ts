import { tracingSettings } from '@concord/platform/process';
import { z } from 'zod';

/** What the environment may say; everything has a default that suits a first look. */
export const Configuration = z
  .object({
    CONCORD_ENV: z
      .enum(['development', 'production'])
      .default('development')
      .meta({ description: 'production: no demo, business time is real time' }),
    CONCORD_HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'Address to listen on' }),
    CONCORD_PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(3000)
      .meta({ description: 'Port of everything: API, sockets, documents; 0 takes a free one' }),
    CONCORD_DATA_DIR: z
      .string()
      .min(1)
      .default('.concord')
      .meta({ description: 'Folder of the embedded database and of evidence files' }),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/u })
      .optional()
      .meta({
        description: 'An existing PostgreSQL (15 or newer) instead of the embedded one; its role must be allowed to create roles',
      }),
    CONCORD_DEMO: z
      .enum(['true', 'false'])
      .default('true')
      .meta({ description: 'Seed the demo story on a first start; false starts empty with a first administrator' })
      .transform((value) => value === 'true'),
    CONCORD_ADMIN_EMAIL: z.email().optional().meta({ description: 'First administrator, where the demo is off' }),
    CONCORD_ADMIN_PASSWORD: z.string().min(12).optional().meta({ description: 'Its password; made and printed once when absent' }),
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
    CONCORD_LOG_LEVEL: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .meta({ description: 'Least level that is logged, as JSON on standard error' }),
    ...tracingSettings,
  })
  .superRefine((config, context) => {
    if (config.CONCORD_ENV === 'production' && config.CONCORD_DEMO) {
      context.addIssue({
        code: 'custom',
        path: ['CONCORD_DEMO'],
        message: 'the demo moves business time, which production never does: set CONCORD_DEMO=false',
      });
    }
    if (config.CONCORD_ADMIN_PASSWORD !== undefined && config.CONCORD_ADMIN_EMAIL === undefined) {
      context.addIssue({ code: 'custom', path: ['CONCORD_ADMIN_EMAIL'], message: 'is needed beside CONCORD_ADMIN_PASSWORD' });
    }
  });
export type Configuration = z.infer<typeof Configuration>;
