import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Money, moneyText, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { boardOf, businessNow, namesFor, parameter, type Names } from '../projects/board.js';
import { budgetOf, type Fund, type Pledge } from '../projects/budget-rows.js';
import { may } from './may.js';
import { sentQuantity } from './money.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';

/** The fund, and the pledges that paid into it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const [now, { board }] = await Promise.all([businessNow(visit), boardOf(visit, parameter(args, 'id'))]);
    const { fund, pledges } = await budgetOf(visit, board.project);
    const paid = pledges.filter(({ kind, delivered }) => kind === 'funding' && delivered > 0);
    const names = await namesFor(visit, board, [
      ...paid.map(({ organisationId }) => organisationId),
      ...(fund.pendingRefund ? [fund.pendingRefund.organisationId] : []),
    ]);
    const { id, title } = board.project;
    return { project: { id, title }, fund, paid, names, today: now.slice(0, 10) };
  });

/** The lead's offer, or the payer's word that the same arrived: then the offer's own reference and reason count. */
async function bodyOf(sent: Sent, id: string): Promise<unknown> {
  const { visit, text } = sent;
  const { body: fund } = await visit.api.get<Fund>(`/funds/${id}`);
  const { pendingRefund } = fund;
  if (text('acknowledges') === 'yes' && pendingRefund) {
    const { pledgeId, quantity, currency, refundedOn } = pendingRefund;
    const words = { reference: 'as offered', reason: { code: 'agreement', text: 'As offered by the lead.' } };
    return { pledgeId, amount: { amount: quantity, currency }, refundedOn, ...words };
  }
  const pledgeId = text('pledgeId');
  const unit = pledgeId === undefined ? 'USD' : (await visit.api.get<Pledge>(`/pledges/${encodeURIComponent(pledgeId)}`)).body.unit;
  return {
    pledgeId,
    amount: { amount: sentQuantity(unit, text('amount')), currency: unit },
    refundedOn: text('refundedOn'),
    reference: text('reference'),
    reason: reasonOf(sent),
  };
}

/** Offers or acknowledges a refund. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const id = parameter(args, 'id');
      const { body } = await visit.api.post<Fund>(`/funds/${id}/refund`, { body: await bodyOf(sent, id), ...sending });
      return redirect(visit.href(after(`/projects/${id}/budget`, 'funds.refund', body.pendingRefund !== undefined)));
    },
    {
      fieldOf: (pointer) => (pointer.startsWith('/amount/') ? 'amount' : undefined),
      fieldOfCode: { exceeds_received: 'amount', fund_exceeded: 'amount', future_date: 'refundedOn', date_future: 'refundedOn' },
    },
  );

/** Sends unspent money back: two sides say the same. */
export default function Refund() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, fund, paid, names, today } = useLoaderData<typeof loader>();
  const { pendingRefund, recipientId, status } = fund;
  const acting = reader?.acting;
  const acknowledges = pendingRefund !== undefined && pendingRefund.organisationId === acting?.id;
  const who = acknowledges ? [pendingRefund.organisationId] : [recipientId];
  const open = status === 'open';
  return (
    <StepPage
      project={project}
      step="funds.refund"
      state={state}
      who={who}
      then={acknowledges ? [] : pendingRefund ? [pendingRefund.organisationId] : paid.map(({ organisationId }) => organisationId)}
      names={names}
      allowed={open && may(acting, 'approver', who)}
      notNow={open ? undefined : { kind: 'fund', state: status }}
      pending={pendingRefund}
      crumbs={[{ to: `/projects/${project.id}/budget`, label: t('projects:budget.title') }]}
      before={
        pendingRefund === undefined ? null : (
          <p>
            {t('projects:budget.refundOffered')} <Money minor={pendingRefund.quantity} currency={pendingRefund.currency} /> ·{' '}
            <When at={pendingRefund.refundedOn} />
          </p>
        )
      }
    >
      {acknowledges ? (
        <input type="hidden" name="acknowledges" value="yes" />
      ) : (
        <OfferFields paid={paid} names={names} today={today} state={state} />
      )}
    </StepPage>
  );
}

interface OfferProps {
  readonly paid: readonly Pledge[];
  readonly names: Names;
  readonly today: string;
  readonly state: FormState | undefined;
}

function OfferFields({ paid, names, today, state }: OfferProps) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <>
      <Field
        name="pledgeId"
        label={t('stewarding:field.toWhom')}
        required
        visibility="public"
        state={state}
        options={paid.map(({ id, organisationId, delivered, unit }) => ({
          value: id,
          label: `${names[organisationId] ?? organisationId} (${moneyText(locale, delivered, unit)})`,
        }))}
      />
      <Field
        name="amount"
        label={t('projects:budget.amount')}
        hint={t('stewarding:field.amountHint')}
        inputMode="decimal"
        size={14}
        required
        visibility="public"
        state={state}
      />
      <Field
        name="refundedOn"
        type="date"
        label={t('stewarding:field.refundedOn')}
        required
        visibility="public"
        state={state}
        defaultValue={today}
      />
      <Field name="reference" label={t('stewarding:field.reference')} required visibility="public" state={state} />
      <ReasonFields state={state} />
    </>
  );
}
