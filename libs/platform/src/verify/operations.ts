import { Refused, text, type Policy } from '@concord/kernel';
import { z } from 'zod';
import type { Context } from '../context/context.js';
import { Overloaded } from '../log/work.js';
import { isConnectionLoss } from '../log/storage.js';
import type { ActionDefinition, Answer, Call, QueryDefinition } from '../service/definitions.js';
import { readModelsOf, rebuildNamed } from './rebuilds.js';
import { reasonOf } from './report.js';
import { verifyContext } from './verify-context.js';

/** A query that every context answers about itself. */
export interface ContextQuery<Query extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends Omit<
  QueryDefinition,
  'run' | 'query' | 'output'
> {
  readonly query: Query;
  readonly output: Output;
  answer(context: Context, call: Call<Record<string, string>, z.output<Query>>): Promise<Answer<z.input<Output>>>;
}

/** An action that every context takes about itself. */
export interface ContextAction<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends Omit<
  ActionDefinition,
  'run' | 'input' | 'output'
> {
  readonly input: Input;
  readonly output: Output;
  act(
    context: Context,
    call: { readonly params: Record<string, string>; readonly input: z.output<Input> },
  ): Promise<Answer<z.input<Output>>>;
}

// As with the definitions of a context: each is checked where it stands, and then its types are forgotten.
export const contextQuery = <Q extends z.ZodType, O extends z.ZodType>(query: ContextQuery<Q, O>): ContextQuery =>
  query as unknown as ContextQuery;
const contextAction = <I extends z.ZodType, O extends z.ZodType>(action: ContextAction<I, O>): ContextAction =>
  action as unknown as ContextAction;

/** Name of a context in operation ids: `pledges` → `Pledges`. */
export const nounOf = (context: string): string =>
  context.replace(/(?:^|[-_ ])(\w)/gu, (_all, letter: string) => letter.toUpperCase());

const operator: Policy<undefined> = {
  label: 'registrar',
  permits: (subject) => subject?.platformRoles.includes('registrar') ?? false,
};

const CheckShape = z.object({
  name: z.string(),
  checked: z.int().meta({ description: 'Events, streams or rows looked at' }),
  differences: z.int(),
  first: z.array(z.object({ where: z.string(), what: z.string() })).readonly(),
  note: z.string().optional(),
});

const ReportShape = z
  .object({
    context: z.string(),
    ok: z.boolean(),
    checks: z.array(CheckShape).readonly(),
    hash: z.string().meta({ description: 'SHA-256 over id, version and hash of every stream' }),
    seconds: z.number(),
  })
  .meta({ id: 'VerificationReport' });

const RebuiltShape = z
  .object({ name: z.string(), events: z.int(), seconds: z.number(), check: CheckShape.optional() })
  .meta({ id: 'Rebuilt' });

const ReadModels = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['projection', 'view']),
        rebuild: z
          .object({
            events: z.int().meta({ description: 'Read so far' }),
            of: z.int().optional().meta({ description: 'How many there are; absent until they are counted' }),
          })
          .optional()
          .meta({ description: 'How far it is, while one runs in the process that answers' }),
      }),
    ),
  })
  .meta({ id: 'ReadModels' });

const ParkedPage = z
  .object({
    items: z.array(
      z.object({
        consumer: z.string(),
        stream: z.string(),
        events: z.int().meta({ description: 'The one that failed and all that came later of the same object' }),
        sequence: z.int().meta({ description: 'Version of the first' }),
        type: z.string(),
        error: z.string(),
        at: z.string().meta({ description: 'Real time, RFC 3339 UTC' }),
      }),
    ),
  })
  .meta({ id: 'ParkedPage' });

const PARKED_MAX = 1_000;
const Consumer = text(100);

function parkedQuery(context: string): ContextQuery {
  return contextQuery({
    name: `list${nounOf(context)}Parked`,
    summary: 'Objects whose events wait because one of them could not be handled; the oldest thousand',
    path: `/operations/${context}/parked`,
    query: z.strictObject({}),
    output: ParkedPage,
    allows: operator,
    answer: async ({ database }) => ({
      body: {
        items: await database.query<z.input<typeof ParkedPage>['items'][number]>(
          `SELECT f.consumer, f.stream::text, g.events, f.sequence, f.event->>'type' AS type, f.error, to_char(f.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
             FROM (SELECT consumer, stream, count(*)::int AS events, min(sequence) AS sequence FROM parked GROUP BY consumer, stream) g
             JOIN parked f USING (consumer, stream, sequence) ORDER BY f.at, f.consumer, f.stream LIMIT ${PARKED_MAX}`,
        ),
      },
    }),
  });
}

function viewsQuery(context: string): ContextQuery {
  return contextQuery({
    name: `list${nounOf(context)}Views`,
    summary: 'Read models that can be rebuilt, and how far a rebuild is',
    path: `/operations/${context}/views`,
    query: z.strictObject({}),
    output: ReadModels,
    allows: operator,
    answer: async (running) => ({ body: { items: readModelsOf(running) } }),
  });
}

function verification(context: string): ContextAction {
  return contextAction({
    name: `verify${nounOf(context)}`,
    summary: 'Compares all that is stored with what follows from the events; `ok` is false when anything differs',
    method: 'POST',
    path: `/operations/${context}/verification`,
    input: z.strictObject({}),
    output: ReportShape,
    allows: operator,
    withoutKey: 'it changes nothing',
    act: async (running) => ({ body: await verifyContext(running) }),
  });
}

function release(context: string): ContextAction {
  return contextAction({
    name: `release${nounOf(context)}Parked`,
    summary: 'Hands the parked events of an object over again, in order; refused still_failing when one fails again',
    method: 'POST',
    path: `/operations/${context}/parked/release`,
    input: z.strictObject({ consumer: Consumer, stream: z.uuid() }),
    output: z.object({ released: z.int() }),
    allows: operator,
    act: async (running, { input: { consumer, stream } }) => {
      const waiting = await running.database.query('SELECT 1 FROM parked WHERE consumer = $1 AND stream = $2 LIMIT 1', [
        consumer,
        stream,
      ]);
      if (waiting.length === 0) throw new Refused('not_found', 'Nothing of this object is parked for this listener.');
      try {
        return { body: { released: await running.listener.release(consumer, stream) } };
      } catch (error) {
        if (error instanceof Overloaded || isConnectionLoss(error)) throw error;
        throw new Refused(
          'still_failing',
          'An event of this object fails again. What came before it was handled; the rest stays parked.',
          {
            error: reasonOf(error),
          },
        );
      }
    },
  });
}

function rebuild(context: string): ContextAction {
  return contextAction({
    name: `rebuild${nounOf(context)}View`,
    summary: 'Fills a read model anew from the log: a projection by its name, an inline view by its table',
    method: 'POST',
    path: `/operations/${context}/views/:name/rebuild`,
    input: z.strictObject({
      verify: z.boolean().optional().meta({ description: 'Compare a projection with a replay afterwards' }),
    }),
    output: RebuiltShape,
    allows: operator,
    act: async (running, { params, input }) => ({ body: await rebuildNamed(running, params['name'] ?? '', input.verify ?? false) }),
  });
}

/** What operators may ask of a context. */
export const operationsOf = (context: string): { queries: readonly ContextQuery[]; actions: readonly ContextAction[] } => ({
  queries: [parkedQuery(context), viewsQuery(context)],
  actions: [verification(context), release(context), rebuild(context)],
});
