import { ApiProblem, NoAnswer } from '@concord/client';
import { useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { DataTable, ErrorSummary, Notice, Num, Page, PostForm, When } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import type { Visit } from '../../server/visit.server.js';
import { eachOf } from './bulk.server.js';
import { Outcomes, type Outcome } from './outcomes.js';
import { loadRegistrar } from './registrar.server.js';
import { Reports, type Report } from './reports.js';

const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'] as const;
type Context = (typeof CONTEXTS)[number];

/** Events of one object that wait because the first of them could not be handled. */
interface Parked {
  readonly consumer: string;
  readonly stream: string;
  readonly events: number;
  readonly sequence: number;
  readonly type: string;
  readonly error: string;
  readonly at: string;
}

interface Done {
  readonly outcomes?: readonly Outcome[];
  readonly reports?: readonly Report[];
}

async function parkedOf(visit: Visit, context: Context) {
  try {
    const { body } = await visit.api.get<Listed<Parked>>(`/operations/${context}/parked`);
    return { context, reached: true, items: body.items };
  } catch (error) {
    // One context that is down must not hide the others.
    if (!(error instanceof NoAnswer) && !(error instanceof ApiProblem && error.status >= 500)) throw error;
    return { context, reached: false, items: [] };
  }
}

/** What is parked in every context. */
export const loader = (args: LoaderFunctionArgs) =>
  loadRegistrar(args, async (visit) => ({ contexts: await Promise.all(CONTEXTS.map((context) => parkedOf(visit, context))) }));

/** Releases what was chosen, or verifies a context. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text, all, sending } = sent;
    const verified = CONTEXTS.filter((context) => text('verify') === context || text('verify') === 'all');
    if (verified.length > 0) {
      const reports: Report[] = [];
      for (const context of verified)
        reports.push((await visit.api.post<Report>(`/operations/${context}/verification`, { body: {} })).body);
      return { reports } as unknown as FormState;
    }
    const chosen = all('parked').map((value) => value.split(' '));
    if (chosen.length === 0)
      return invalidForm(sent, [{ field: 'parked', text: visit.t('administration:operations.chooseFirst') }]);
    const outcomes = await eachOf(
      visit,
      chosen,
      ([context = '', consumer = '', stream = '']) => `${context} · ${consumer} · ${stream}`,
      async ([context = '', consumer, stream = '']) => {
        const known = CONTEXTS.find((one) => one === context);
        if (!known) return '';
        await visit.api.post(`/operations/${known}/parked/release`, {
          body: { consumer, stream },
          idempotencyKey: `${sending.idempotencyKey}-${stream}-${consumer}`,
        });
        return visit.t('administration:operations.released');
      },
    );
    return { outcomes } as unknown as FormState;
  });

/** Parked keys and verification of every context. */
export default function Operations() {
  const t = useT();
  const { contexts } = useLoaderData<typeof loader>();
  const given = useActionData() as FormState | Done | undefined;
  const done = given && ('outcomes' in given || 'reports' in given) ? given : undefined;
  const state = done ? undefined : (given as FormState | undefined);
  const rows = contexts.flatMap(({ context, items }) => items.map((item) => ({ ...item, context })));
  return (
    <Page
      title={t('administration:operations.title')}
      lead={t('administration:operations.lead')}
      state={state}
      crumbs={[{ to: '/admin', label: t('site:nav.administration') }]}
    >
      <ErrorSummary state={state} />
      {done?.outcomes ? <Outcomes outcomes={done.outcomes} /> : null}
      {done?.reports ? <Reports reports={done.reports} /> : null}
      <section aria-labelledby="parked">
        <h2 id="parked">{t('administration:operations.parked')}</h2>
        <p>{t('administration:operations.parkedText')}</p>
        {contexts
          .filter(({ reached }) => !reached)
          .map(({ context }) => (
            <Notice key={context} kind="warning">
              {t(`administration:context.${context}`)}: {t('administration:operations.unreached')}
            </Notice>
          ))}
        {rows.length === 0 ? (
          <p>{t('administration:operations.nothingParked')}</p>
        ) : (
          <PostForm>
            <ParkedTable rows={rows} />
            <button type="submit">{t('administration:operations.release')}</button>
          </PostForm>
        )}
      </section>
      <section aria-labelledby="verification">
        <h2 id="verification">{t('administration:operations.verification')}</h2>
        <p>{t('administration:operations.verificationText')}</p>
        <PostForm>
          <div className="bulk" role="group" aria-labelledby="verification">
            {CONTEXTS.map((context) => (
              <button key={context} type="submit" name="verify" value={context} className="quiet">
                {t(`administration:context.${context}`)}
              </button>
            ))}
            <button type="submit" name="verify" value="all">
              {t('administration:operations.verifyAll')}
            </button>
          </div>
        </PostForm>
      </section>
    </Page>
  );
}

function ParkedTable({ rows }: { rows: readonly (Parked & { readonly context: Context })[] }) {
  const t = useT();
  return (
    <div id="field-parked" className="wide">
      <DataTable
        caption={t('administration:operations.parked')}
        captionHidden
        rows={rows}
        rowKey={({ context, consumer, stream }) => `${context} ${consumer} ${stream}`}
        columns={[
          {
            key: 'object',
            label: t('administration:operations.object'),
            heads: true,
            cell: ({ context, consumer, stream }) => (
              <label className="choice">
                <input type="checkbox" name="parked" value={`${context} ${consumer} ${stream}`} />
                <span>
                  {t(`administration:context.${context}`)} <code dir="ltr">{consumer}</code> <code dir="ltr">{stream}</code>
                </span>
              </label>
            ),
          },
          {
            key: 'events',
            label: t('administration:operations.events'),
            number: true,
            cell: ({ events }) => <Num value={events} />,
          },
          {
            key: 'type',
            label: t('administration:operations.failed'),
            cell: ({ type, error }) => (
              <>
                <code dir="ltr">{type}</code> <bdi dir="ltr">{error}</bdi>
              </>
            ),
          },
          { key: 'at', label: t('administration:operations.since'), cell: ({ at }) => <When at={at} time /> },
        ]}
      />
    </div>
  );
}
