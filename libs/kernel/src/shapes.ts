import { z } from 'zod';

/** UUIDv7 by convention (sortable by time); any RFC 9562 UUID is accepted, in lower case so that one id has one spelling. */
export const Id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u, 'must be a UUID in lower case')
  .meta({ id: 'Id', description: 'UUID, version 7 by convention', format: 'uuid' });

/** RFC 3339 instant in UTC. */
export const Instant = z.iso.datetime().meta({ id: 'Instant', description: 'RFC 3339 UTC' });

/** Calendar date, YYYY-MM-DD. */
export const Day = z.iso.date().meta({ id: 'Day', description: 'Calendar date, YYYY-MM-DD' });

/** SHA-256 in lower-case hex. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/u)
  .meta({ id: 'Sha256', description: 'SHA-256, lower-case hex' });

// NUL cannot be stored in PostgreSQL text and a lone surrogate has no UTF-8 form; other control characters only hide things.
// eslint-disable-next-line no-control-regex -- naming the characters is the point
const UNSTORABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/u;

/** Text a person wrote: trimmed, not empty, storable, at most `max` UTF-16 units. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !UNSTORABLE.test(value), 'must not contain control characters or half characters');

/** A reason code and its text, required where domain.md marks a command with "!". Every reason is public (R32). */
export const Reason = z
  .strictObject({ code: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/u), text: text(2000) })
  .meta({ id: 'Reason' });
export type Reason = z.infer<typeof Reason>;

/** Adds whole days to an instant. */
export function daysAfter(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * 86_400_000).toISOString();
}

/** Whether instant `a` lies after instant `b`, whatever precision each is written in. */
export const isAfter = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b);
