import { ApiProblem } from '@concord/client';
import type { LineResource } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Notice, Page, PostForm, Quantity } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';
import { mayBind } from '../needs-forms/may.js';
import { CheckOffer } from './check-offer.js';
import { offerFaults } from './offer.server.js';
import { offerBody, offerField, partOf, PARTS, rowsSent, type Kind, type Part, type Pledge } from './offer.js';
import { OfferFields } from './offer-fields.js';

type Line = z.output<typeof LineResource>;

/** The journey between two pages, or with a fault: the page it is on, what it would send, and what is open when it did not fit. */
interface Journey extends FormState {
  readonly at?: Part;
  readonly open?: number;
}

async function lineOf(visit: Visit, params: Readonly<Record<string, string | undefined>>): Promise<Line> {
  const { body } = await visit.api.get<Line>(`/lines/${encodeURIComponent(params['line'] ?? '')}`);
  if (body.needId !== params['id']) throw absent(visit);
  return body;
}

/** The line of the address with its capacity. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const line = await lineOf(visit, args.params);
    const { body: need } = await visit.api.get<{ id: string; title: string }>(`/needs/${line.needId}`);
    return { line, need: { id: need.id, title: need.title } };
  });

/** Goes on to the next page, back to an earlier one, or sends the pledge. */
export async function action(args: ActionFunctionArgs) {
  let rows: number[] = [];
  return act(
    args,
    async (sent): Promise<Response | Journey> => {
      const { visit, text, sending } = sent;
      const line = await lineOf(visit, args.params);
      const at = PARTS.find((part) => part === text('at')) ?? 'offer';
      rows = rowsSent(text);
      const body = offerBody(line.kind, line.unit, text);
      const [, back] = /^back-(offer|terms)$/u.exec(text('go') ?? '') ?? [];
      if (back) return moved(sent, back as Part);
      const faults = offerFaults(visit, body, rows).filter(
        ({ field }) => at !== 'offer' || partOf(line.kind, field ?? 'schedule') === 'offer',
      );
      const [first] = faults;
      if (first) return { ...invalidForm(sent, faults), at: partOf(line.kind, first.field ?? 'schedule') };
      if (at !== 'check') return moved(sent, at === 'offer' ? 'terms' : 'check');
      const whole = { ...body, lineId: line.id, ...(text('go') === 'partial' ? { acceptPartial: true } : {}) };
      try {
        const { body: pledge } = await visit.api.post<Pledge>('/pledges', { body: whole, ...sending });
        return redirect(visit.href(`/pledges/${pledge.id}`));
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'line_full') throw error;
        const fault = { text: visit.t('pledging:full.title') };
        return {
          ...invalidForm(sent, [fault]),
          code: 'line_full',
          text: fault.text,
          at: 'check',
          open: Number(error.facts.details['open'] ?? 0),
        };
      }
    },
    { fieldOf: (pointer) => offerField(pointer, rows), fieldOfCode: { amount_too_small: 'amount', exchange_missing: 'rate' } },
  );
}

/** The journey on another page, without a fault. */
const moved = (sent: Sent, at: Part): Journey => ({ ...invalidForm(sent, []), code: 'moved', at });

const DEFAULTS: Readonly<Record<Kind, (unit: string) => Record<string, string>>> = {
  funding: (unit) => ({ currency: unit, schedule: 'by_milestone', earmarking: '3', instrument: 'grant' }),
  expertise: () => ({ unitCurrency: 'USD', remote: 'yes', languages: 'en' }),
  in_kind: () => ({ unitCurrency: 'USD' }),
  data: () => ({ personalData: 'none' }),
};

/** Where a refusal of the API belongs: the page of its first field, else the check page. */
const pageOf = (state: Journey | undefined, kind: Kind): Part =>
  state === undefined ? 'offer' : (state.at ?? partOf(kind, state.faults[0]?.field ?? ''));

/** Pledge to a line: what, on which terms, check, send. Every page works without scripts; nothing is kept until it is sent. */
export default function MakePledge() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { line, need } = useLoaderData<typeof loader>();
  const given = useActionData() as Journey | undefined;
  const state = given?.code === 'moved' ? undefined : given;
  const at = pageOf(given, line.kind);
  const values: Record<string, string> = given
    ? Object.fromEntries(Object.entries(given.values).map(([name, [value = '']]) => [name, value]))
    : DEFAULTS[line.kind](line.unit);
  return (
    <Page
      title={t(`pledging:make.${at}`)}
      over={
        <>
          <bdi>{line.title}</bdi> · {t('pledging:make.step', { number: PARTS.indexOf(at) + 1, of: PARTS.length })}
        </>
      }
      lead={t(`pledging:makeLead.${at}`)}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/needs/${need.id}/pledge`, label: t('pledging:choose.title') },
      ]}
      state={state}
    >
      {!mayBind(reader?.acting, 'editor') ? (
        <Notice kind="warning" title={t('pledging:make.notYou')}>
          <p>
            <a href={href('/acting')}>{t('site:acting.change')}</a>
          </p>
        </Notice>
      ) : line.open === 0 && !given ? (
        <Notice kind="warning">{t('pledging:choose.noneText')}</Notice>
      ) : (
        <PostForm state={state}>
          <p>
            {t('pledging:choose.open')} <Quantity value={line.open} unit={line.unit} /> · {t('pledging:make.as')}{' '}
            <bdi>{reader?.acting?.name}</bdi>
          </p>
          <Kept values={values} kind={line.kind} at={at} />
          {at === 'check' ? (
            <CheckOffer line={line} values={values} open={given?.open} />
          ) : (
            <OfferFields kind={line.kind} lineUnit={line.unit} part={at} values={values} state={state} />
          )}
          <p className="actions">
            {given?.code === 'line_full' ? null : (
              <button type="submit" name="go" value="on">
                {t(at === 'check' ? 'pledging:make.send' : 'pledging:make.on')}
              </button>
            )}
            {at === 'offer' ? null : (
              <button type="submit" name="go" value={at === 'check' ? 'back-terms' : 'back-offer'} className="quiet">
                {t('pledging:make.back')}
              </button>
            )}
          </p>
        </PostForm>
      )}
    </Page>
  );
}

/** What was typed on the other pages travels along; this page's own fields are its own. */
function Kept({ values, kind, at }: { values: Readonly<Record<string, string>>; kind: Kind; at: Part }) {
  return (
    <>
      <input type="hidden" name="at" value={at} />
      {Object.entries(values)
        .filter(([name, value]) => name !== 'at' && name !== 'go' && value !== '' && partOf(kind, name) !== at)
        .map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
    </>
  );
}
