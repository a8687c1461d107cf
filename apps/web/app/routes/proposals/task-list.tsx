import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { NextStep, Notice, Page, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { mayBind } from '../needs-forms/may.js';
import { openTopics, TOPICS } from './gaps.js';
import { writtenProposal } from './proposal.server.js';

/** The proposal, for those who write it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { proposal, need } = await writtenProposal(visit, args.params);
    return { proposal, need, lead: (await visit.namesOf([proposal.leadId])).get(proposal.leadId) };
  });

/** The parts of a proposal, and whether it can be submitted. */
export default function TaskList() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { proposal, need, lead } = useLoaderData<typeof loader>();
  const open: readonly string[] = openTopics(proposal, need);
  const leads = reader?.acting?.id === proposal.leadId;
  const ready = open.length === 0 && leads && proposal.status === 'draft' && mayBind(reader?.acting, 'approver');
  return (
    <Page
      title={t('proposals:tasks.title')}
      heading={<bdi>{proposal.title}</bdi>}
      over={
        <>
          {t(`proposals:stage.${proposal.stage}`)} · <StateBadge kind="proposal" state={proposal.status} />
        </>
      }
      lead={<bdi>{need.title}</bdi>}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/proposals/${proposal.id}`, label: proposal.title },
      ]}
    >
      <div className="object">
        <div>
          {proposal.status === 'submitted' ? <Notice kind="warning">{t('proposals:tasks.submitted')}</Notice> : null}
          <h2>{t('needs-forms:tasks.parts')}</h2>
          <ol className="lines">
            {TOPICS.filter((topic) => leads || topic !== 'partners').map((topic) => (
              <li key={topic}>
                <a href={href(`/proposals/${proposal.id}/edit/${topic}`)}>{t(`proposals:topic.${topic}`)}</a>{' '}
                <span className={`badge ${open.includes(topic) ? 'waiting' : 'done'}`}>
                  {t(open.includes(topic) ? 'needs-forms:tasks.open' : 'needs-forms:tasks.done')}
                </span>
              </li>
            ))}
          </ol>
        </div>
        <aside>
          <NextStep
            action={t(open.length === 0 ? 'proposals:next.submit' : 'proposals:next.complete')}
            who={<bdi>{lead}</bdi>}
            by={need.intakeClosesAt}
            to={ready ? `/proposals/${proposal.id}/steps/submit` : undefined}
            button={ready ? t('proposals:step.submit.title') : undefined}
          />
        </aside>
      </div>
    </Page>
  );
}
