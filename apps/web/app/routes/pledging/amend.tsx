import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Notice, Page, PostForm, Quantity } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { mayBind } from '../needs-forms/may.js';
import { ReasonField } from '../needs-forms/reason.js';
import { offerFaults } from './offer.server.js';
import { FIELDS, offerBody, offerField, offerValues, rowsSent } from './offer.js';
import { OfferFields } from './offer-fields.js';
import { pledgeOf, pledgePath } from './own-pledge.server.js';

/** The pledge, for its own organisation, while it is an offer. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const found = await pledgeOf(visit, args.params);
    if (visit.acting?.id !== found.pledge.organisationId) throw absent(visit);
    if (found.pledge.status !== 'offered') throw redirect(visit.href(`/pledges/${found.pledge.id}`));
    return found;
  });

/** Replaces the offer; the owner of the need has to accept the new version (R9). */
export async function action(args: ActionFunctionArgs) {
  let rows: number[] = [];
  return act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const { pledge, line } = await pledgeOf(visit, args.params);
      rows = rowsSent(text);
      const offer = offerBody(pledge.kind, line.unit, text);
      const faults = [
        ...offerFaults(visit, offer, rows),
        ...(text('reason') === undefined ? [{ field: 'reason', text: visit.t('faults:required') }] : []),
      ];
      if (faults.length > 0) return invalidForm(sent, faults);
      const body = { ...offer, reason: { code: 'amended', text: text('reason') ?? '' } };
      await visit.api.post(`${pledgePath(args.params)}/amend`, { body, ...sending });
      return redirect(visit.href(pledgePath(args.params)));
    },
    {
      fieldOf: (pointer) => offerField(pointer, rows),
      fieldOfCode: { amount_too_small: 'amount', line_full: 'amount' },
      current: async (visit) => {
        const { pledge, etag } = await pledgeOf(visit, args.params);
        return { values: offerValues(pledge), etag };
      },
    },
  );
}

/** Change an offer before it is confirmed. */
export default function AmendPledge() {
  const t = useT();
  const { reader } = useFacts();
  const { pledge, etag, line, need } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values: Record<string, string> = state
    ? Object.fromEntries(Object.entries(state.values).map(([name, [value = '']]) => [name, value]))
    : offerValues(pledge);
  const names = [...FIELDS[pledge.kind].offer, ...FIELDS[pledge.kind].terms];
  const labels = Object.fromEntries(names.map((name) => [name, t(`pledging:field.${name}`)]));
  const fields = { kind: pledge.kind, lineUnit: line.unit, values, state, fixed: true };
  return (
    <Page
      title={t('pledging:amend.title')}
      over={<bdi>{line.title}</bdi>}
      lead={t('pledging:amend.lead')}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/pledges/${pledge.id}`, label: t('pledging:one') },
      ]}
      state={state}
    >
      {mayBind(reader?.acting, 'editor') ? (
        <PostForm state={state} etag={etag} submit={t('pledging:amend.submit')} labels={labels}>
          <p>
            {t('pledging:amend.open')} <Quantity value={line.open + pledge.counted} unit={line.unit} />
          </p>
          <OfferFields part="offer" {...fields} />
          <OfferFields part="terms" {...fields} />
          <ReasonField state={state} />
        </PostForm>
      ) : (
        <Notice>{t('pledging:editorsOnly')}</Notice>
      )}
    </Page>
  );
}
