import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import {
  countryName,
  EmptyState,
  Facets,
  Page,
  Pager,
  Results,
  SdgList,
  StateBadge,
  When,
  type Facet,
} from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { ListExports } from '../lists/list-exports.js';
import type { Names, Project } from './board.js';
import { Organisation } from './frame.js';
import { FACETS, FILTERS, projectQuery, SORTS } from './list-query.js';
import { Progress } from './progress.js';
import { nextDue } from './schedule.js';

const SIZE = 20;

/** A page of projects: one request, and the names of those who lead them. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const given = visit.url.searchParams;
    const query = {
      ...projectQuery(given),
      cursor: given.get('cursor') || undefined,
      facets: 'true',
      count: 'estimate',
      limit: String(SIZE),
    };
    const { body } = await visit.api.get<Listed<Project>>('/projects', { query });
    const names = await visit.namesOf([...body.items.map(({ leadId }) => leadId), ...given.getAll('organisation')]);
    return { ...body, names: Object.fromEntries(names) };
  });

/** Explore projects. */
export default function Projects() {
  const t = useT();
  const { locale, search } = useFacts();
  const { items, next, count, facets = {}, names } = useLoaderData<typeof loader>();
  const words: Record<string, (value: string) => string> = {
    status: (value) => t(`words:project.${value}`),
    country: (value) => countryName(locale, value),
    sdg: (value) => `${value} ${t(`sdg:goal.${value.split('.')[0] ?? value}`)}`,
    organisation: (value) => names[value] ?? value,
    need: (value) => value,
  };
  const shown: Facet[] = FILTERS.map((name) => {
    const chosen = new URLSearchParams(search).getAll(name).map((value) => ({ value, count: items.length }));
    const values = (FACETS as readonly string[]).includes(name) ? (facets[name] ?? []) : chosen;
    return {
      name,
      label: t(`projects:facet.${name}`),
      values: values.map(({ value, count: many }) => ({ value, count: many, label: words[name]?.(value) ?? value })),
    };
  });
  return (
    <Page title={t('projects:list.title')} lead={t('projects:list.lead')} description={t('projects:list.lead')}>
      <div className="explore">
        <Facets
          facets={shown}
          sorts={SORTS.map((value) => ({ value, label: t(`projects:sort.${value}`) }))}
          searchLabel={t('projects:list.search')}
        />
        <div>
          <Results facets={shown} count={count} countKey="projects:list.count" />
          {items.length === 0 ? (
            <EmptyState title={t('projects:list.emptyTitle')} to="/projects" action={t('site:list.removeAll')}>
              {t('projects:list.empty')}
            </EmptyState>
          ) : (
            <ul className="cards">
              {items.map((project) => (
                <ProjectCard key={project.id} project={project} names={names} />
              ))}
            </ul>
          )}
          <Pager next={next} size={SIZE} />
          <ListExports path="/projects" />
        </div>
      </div>
    </Page>
  );
}

function ProjectCard({ project, names }: { project: Project; names: Names }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { id, title, status, health, country, sdgTargets, leadId, progress } = project;
  const due = nextDue(project);
  return (
    <li className="card">
      <h3>
        <a href={href(`/projects/${id}`)}>
          <bdi>{title}</bdi>
        </a>
      </h3>
      <p className="meta">
        <StateBadge kind="project" state={status} />
        {health === undefined ? null : <StateBadge kind="health" state={health} />}
        <Organisation id={leadId} names={names} />
        <span>{countryName(locale, country)}</span>
      </p>
      <SdgList targets={sdgTargets} />
      <Progress progress={progress} />
      <p className="meta">
        {due === undefined ? null : (
          <span>
            {t('projects:nextDue')} <When at={due} />
          </span>
        )}
      </p>
    </li>
  );
}
