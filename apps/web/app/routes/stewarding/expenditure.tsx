import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Money } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { boardOf, businessNow, parameter } from '../projects/board.js';
import type { Fund } from '../projects/budget-rows.js';
import { may } from './may.js';
import { sentQuantity } from './money.js';
import { after, StepPage } from './step-page.js';

/** The fund that is spent from. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const id = parameter(args, 'id');
    const [now, { board, names }, { body: fund }] = await Promise.all([
      businessNow(visit),
      boardOf(visit, id),
      visit.api.get<Fund>(`/funds/${id}`),
    ]);
    return { project: { id: board.project.id, title: board.project.title }, fund, names, today: now.slice(0, 10) };
  });

/** Records spending. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, sending }) => {
      const id = parameter(args, 'id');
      const currency = text('currency');
      const body = {
        amount: { amount: sentQuantity(currency ?? 'USD', text('amount')), currency },
        spentOn: text('spentOn'),
        purpose: text('purpose'),
      };
      await visit.api.post(`/funds/${id}/record-expenditure`, { body, ...sending });
      return redirect(visit.href(after(`/projects/${id}/budget`, 'funds.record-expenditure')));
    },
    {
      fieldOf: (pointer) => (pointer.startsWith('/amount/') ? pointer.slice('/amount/'.length) : undefined),
      fieldOfCode: { fund_exceeded: 'amount', exceeds_received: 'amount', future_date: 'spentOn', date_future: 'spentOn' },
    },
  );

/** Records what the lead spent. */
export default function Expenditure() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, fund, names, today } = useLoaderData<typeof loader>();
  const open = fund.status === 'open';
  return (
    <StepPage
      project={project}
      step="funds.record-expenditure"
      state={state}
      who={[fund.recipientId]}
      then={[]}
      names={names}
      allowed={open && may(reader?.acting, 'editor', [fund.recipientId])}
      notNow={open ? undefined : { kind: 'fund', state: fund.status }}
      crumbs={[{ to: `/projects/${project.id}/budget`, label: t('projects:budget.title') }]}
      before={
        <ul>
          {fund.balances.map(({ currency, balance }) => (
            <li key={currency}>
              {t('projects:budget.balance')}: <Money minor={balance} currency={currency} />
            </li>
          ))}
        </ul>
      }
    >
      <Field
        name="currency"
        label={t('projects:budget.currency')}
        required
        visibility="public"
        state={state}
        defaultValue={fund.balances.length === 1 ? (fund.balances[0]?.currency ?? '') : ''}
        options={fund.balances.map(({ currency }) => ({ value: currency, label: currency }))}
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
        name="spentOn"
        type="date"
        label={t('stewarding:field.spentOn')}
        required
        visibility="public"
        state={state}
        defaultValue={today}
      />
      <Field name="purpose" label={t('stewarding:field.purpose')} rows={3} required visibility="public" state={state} />
    </StepPage>
  );
}
