import type { NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { EmptyState, Num, Page, SdgMark } from '../../components/index.js';
import type { Listed } from '../../api.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { SearchBox } from '../lists/search-box.js';
import { NeedCard } from '../needs/need-card.js';

type Need = z.output<typeof NeedResource>;

const SHOWN = 3;

/** Needs that take proposals, what moved last, and how many needs each goal has. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const [open, moved] = await Promise.all([
      visit.api.get<Listed<Need>>('/needs', { query: { status: 'published', sort: 'closing_soon', limit: SHOWN } }),
      visit.api.get<Listed<Need>>('/needs', { query: { sort: 'recently_updated', limit: SHOWN, facets: 'true' } }),
    ]);
    const names = await visit.namesOf([...open.body.items, ...moved.body.items].map(({ organisationId }) => organisationId));
    const goals = [...(moved.body.facets?.['sdgGoal'] ?? [])].sort((a, b) => Number(a.value) - Number(b.value));
    return { open: open.body.items, moved: moved.body.items, goals, names: Object.fromEntries(names) };
  });

/** The first page: what can be done here, what is open, what moved, and where the goals stand. */
export default function Home() {
  const t = useT();
  const href = useHref();
  const { open, moved, goals, names } = useLoaderData<typeof loader>();
  return (
    <Page title={t('site:home.title')} lead={t('site:home.lead')} description={t('site:home.lead')}>
      <SearchBox quiet />
      <Ways />
      <section aria-labelledby="open">
        <h2 id="open">{t('site:home.open')}</h2>
        {open.length === 0 ? (
          <EmptyState title={t('site:home.noneTitle')} to="/needs" action={t('site:home.all')}>
            {t('site:home.none')}
          </EmptyState>
        ) : (
          <ul className="cards">
            {open.map((need) => (
              <NeedCard key={need.id} need={need} owner={names[need.organisationId]} />
            ))}
          </ul>
        )}
      </section>
      {moved.length === 0 ? null : (
        <section aria-labelledby="moved">
          <h2 id="moved">{t('site:home.moved')}</h2>
          <ul className="cards">
            {moved.map((need) => (
              <NeedCard key={need.id} need={need} owner={names[need.organisationId]} />
            ))}
          </ul>
        </section>
      )}
      {goals.length === 0 ? null : (
        <section aria-labelledby="goals">
          <h2 id="goals">{t('site:home.goals')}</h2>
          <ul className="goal-list">
            {goals.map(({ value, count }) => (
              <li key={value}>
                <a href={`${href('/needs')}?sdgGoal=${value}`}>
                  <SdgMark goal={value} />
                </a>{' '}
                <span className="count">
                  (<Num value={count} />)
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

/** What can be done here, and how it goes. */
function Ways() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  return (
    <>
      <ul className="actions">
        <li>
          <a className="button" href={href('/needs')}>
            {t('site:home.find')}
          </a>
        </li>
        <li>
          <a className="button quiet" href={href('/needs/new')}>
            {t('site:home.post')}
          </a>
        </li>
        {reader ? null : (
          <li>
            <a className="button quiet" href={href('/register')}>
              {t('site:home.register')}
            </a>
          </li>
        )}
      </ul>
      <ol className="steps">
        {['need', 'pledge', 'milestone', 'verified'].map((step) => (
          <li key={step}>
            <h2>{t(`site:home.steps.${step}.title`)}</h2>
            <p>{t(`site:home.steps.${step}.text`)}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
