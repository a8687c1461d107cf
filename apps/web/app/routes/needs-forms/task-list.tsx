import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { NextStep, Page, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { may } from './may.js';
import { ownNeed, readinessOf } from './own-need.server.js';
import { Gaps, Similar } from './readiness.js';
import { isOthers, topicOf, TOPICS } from './topics.js';

/** A draft and what it lacks. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need } = await ownNeed(visit, args.params, 'draft');
    return { need, readiness: await readinessOf(visit, args.params) };
  });

/** The parts of a need, which of them are complete, and what comes then. It is saved with every page. */
export default function TaskList() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { need, readiness } = useLoaderData<typeof loader>();
  const own = readiness.gaps.filter(({ code }) => !isOthers(code));
  const open = new Set<string>(own.map(({ pointer }) => topicOf(pointer)));
  return (
    <Page
      title={t('needs-forms:tasks.title')}
      heading={<bdi>{need.title}</bdi>}
      over={
        <>
          {t('needs-forms:tasks.title')} · <StateBadge kind="need" state={need.status} />
        </>
      }
      lead={t('needs-forms:tasks.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
    >
      <div className="object">
        <div>
          {need.reason === undefined ? null : (
            <section className="notice warning">
              <p className="notice-title">{t('needs-forms:tasks.returned')}</p>
              <p dir="auto">{need.reason.text}</p>
            </section>
          )}
          <Similar similar={readiness.similar} />
          <h2>{t('needs-forms:tasks.parts')}</h2>
          <ol className="lines">
            {TOPICS.map((topic) => (
              <li key={topic}>
                <a href={href(`/needs/${need.id}/edit/${topic}`)} aria-describedby={`state-${topic}`}>
                  {t(`needs-forms:topic.${topic}`)}
                </a>{' '}
                <span id={`state-${topic}`} className={`badge ${open.has(topic) ? 'waiting' : 'done'}`}>
                  {t(open.has(topic) ? 'needs-forms:tasks.open' : 'needs-forms:tasks.done')}
                </span>
              </li>
            ))}
          </ol>
          <Gaps needId={need.id} gaps={readiness.gaps} />
        </div>
        <aside>
          <NextStep
            action={t(own.length === 0 ? 'needs-forms:tasks.check' : 'needs-forms:tasks.complete')}
            who={<bdi>{reader?.acting?.name}</bdi>}
            to={`/needs/${need.id}/check`}
            button={t('needs-forms:check.title')}
          />
          {may(reader?.acting, 'approver') ? (
            <p>
              <a href={href(`/needs/${need.id}/steps/withdraw`)}>{t('needs-forms:step.withdraw.title')}</a>
            </p>
          ) : null}
        </aside>
      </div>
    </Page>
  );
}
