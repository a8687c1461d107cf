import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { EmptyState, moneyText, numberText, Timeline } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { activityOf, TOPICS } from './activity-rows.js';
import { boardOf, namesFor, parameter } from './board.js';
import { ProjectFrame } from './frame.js';

const SIZE = 50;

/** Everything that happened, by what it is about: `?about=money`, page by page: `?page=2`. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const rows = await activityOf(visit, board);
    const names = await namesFor(
      visit,
      board,
      rows.flatMap(({ organisation }) => organisation ?? []),
    );
    const about = TOPICS.find((topic) => topic === visit.url.searchParams.get('about'));
    const chosen = rows.filter(({ topic }) => about === undefined || topic === about);
    const page = Math.max(1, Math.trunc(Number(visit.url.searchParams.get('page') ?? '1')) || 1);
    return {
      project: { id: board.project.id, title: board.project.title },
      names,
      about,
      page,
      pages: Math.max(1, Math.ceil(chosen.length / SIZE)),
      rows: chosen.slice((page - 1) * SIZE, page * SIZE),
      counts: Object.fromEntries(TOPICS.map((topic) => [topic, rows.filter((row) => row.topic === topic).length])),
      total: rows.length,
    };
  });

/** What happened, who did it, for whom, when and why. */
export default function ActivityPage() {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { project, names, rows, about, counts, total, page, pages } = useLoaderData<typeof loader>();
  const top = href(`/projects/${project.id}/activity`);
  const chips = [
    { key: 'all', to: top, label: t('projects:topic.all'), count: total, here: about === undefined },
    ...TOPICS.map((topic) => ({
      key: topic as string,
      to: `${top}?about=${topic}`,
      label: t(`projects:topic.${topic}`),
      count: counts[topic] ?? 0,
      here: about === topic,
    })),
  ];
  const query = (n: number) => `${top}?${about === undefined ? '' : `about=${about}&`}page=${n}`;
  return (
    <ProjectFrame project={project} title={t('projects:activity.title')} lead={t('projects:activity.lead')}>
      <ul className="chips" aria-label={t('projects:topic.label')}>
        {chips.map(({ key, to, label, count, here }) => (
          <li key={key}>
            <a className="chip" href={to} {...(here ? { 'aria-current': 'true' } : {})}>
              {label} <bdi>({numberText(locale, count)})</bdi>
            </a>
          </li>
        ))}
      </ul>
      {rows.length === 0 ? (
        <EmptyState title={t('projects:activity.none')}>{t('projects:activity.noneText')}</EmptyState>
      ) : (
        <Timeline
          entries={rows.map(({ key, kind, at, organisation, reason, about: of, money }) => ({
            key,
            at,
            title: [
              t(`projects:event.${kind}`),
              ...(of === undefined ? [] : ['milestone' in of ? of.milestone : t(`projects:reportKind.${of.report}`)]),
              ...(money === undefined ? [] : [moneyText(locale, money.minor, money.currency)]),
            ].join(' · '),
            who: organisation === undefined ? t('projects:clock') : (names[organisation] ?? organisation),
            reason,
          }))}
        />
      )}
      {pages === 1 ? null : (
        <nav className="pager" aria-label={t('site:list.pages')}>
          {page > 1 ? <a href={query(page - 1)}>{t('projects:activity.newer')}</a> : null}
          {page < pages ? <a href={query(page + 1)}>{t('projects:activity.older')}</a> : null}
        </nav>
      )}
      <p>
        <a href={href(`/projects/${project.id}/integrity`)}>{t('projects:activity.verify')}</a>
      </p>
    </ProjectFrame>
  );
}
