import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Money, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, parameter } from '../projects/board.js';
import { budgetOf } from '../projects/budget-rows.js';
import { may } from './may.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';

/** The expenditure that was entered wrongly. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { board, names } = await boardOf(visit, parameter(args, 'id'));
    const { fund, movements } = await budgetOf(visit, board.project);
    const rows = movements.filter(({ expenditureId }) => expenditureId === args.params['eid']);
    const entered = rows.find(({ reverses }) => !reverses);
    if (!entered) throw absent(visit);
    const { id, title } = board.project;
    return { project: { id, title }, fund, entered, isVoided: rows.some(({ reverses }) => reverses), names };
  });

/** Compensates it by a reversing entry. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, sending } = sent;
    const id = parameter(args, 'id');
    const body = { expenditureId: args.params['eid'], reason: reasonOf(sent) };
    await visit.api.post(`/funds/${id}/void-expenditure`, { body, ...sending });
    return redirect(visit.href(after(`/projects/${id}/budget`, 'funds.void-expenditure')));
  });

/** Voids an expenditure. */
export default function VoidExpenditure() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, fund, entered, isVoided, names } = useLoaderData<typeof loader>();
  const open = fund.status === 'open' && !isVoided;
  return (
    <StepPage
      project={project}
      step="funds.void-expenditure"
      state={state}
      who={[fund.recipientId]}
      then={[]}
      names={names}
      allowed={open && may(reader?.acting, 'editor', [fund.recipientId])}
      notNow={open ? undefined : isVoided ? { kind: 'delivery', state: 'voided' } : { kind: 'fund', state: fund.status }}
      crumbs={[{ to: `/projects/${project.id}/budget`, label: t('projects:budget.title') }]}
      before={
        <p>
          <When at={entered.on} /> · <Money minor={entered.amount} currency={entered.currency} /> ·{' '}
          <span dir="auto">{entered.text ?? ''}</span>
        </p>
      }
    >
      <ReasonFields state={state} />
    </StepPage>
  );
}
