import type { NeedResource, ProjectResource, PublicOrganisation } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { Content, countryName, EmptyState, Page, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT, type Translate } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { SEARCH_TEXT_MAX, SearchBox } from './search-box.js';

type Need = z.output<typeof NeedResource>;
type Project = z.output<typeof ProjectResource>;
type Organisation = z.output<typeof PublicOrganisation>;

/** Rows of each list; the list's own page has the rest. */
const SHOWN = 5;
/** Words of a list's count, as its own page says them. */
const COUNTS = { needs: 'needs:list.count', projects: 'projects:list.count', organisations: 'organisations:list.count' } as const;

/** What the words find in three lists, asked at once. Without words nothing is asked. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const q = (visit.url.searchParams.get('q') ?? '').trim().slice(0, SEARCH_TEXT_MAX);
    if (q === '') return { q };
    const first = async <T,>(path: string) =>
      (await visit.api.get<Listed<T>>(path, { query: { q, count: 'estimate', limit: SHOWN } })).body;
    const [needs, projects, organisations] = await Promise.all([
      first<Need>('/needs'),
      first<Project>('/projects'),
      first<Organisation>('/organisations'),
    ]);
    return { q, found: { needs, projects, organisations } };
  });

/** Needs, projects and organisations that hold some words, side by side. */
export default function SearchPage() {
  const t = useT();
  const { q, found } = useLoaderData<typeof loader>();
  const title = t('lists:search.title');
  return (
    <Page
      title={q === '' ? title : `${title}: ${q}`}
      heading={title}
      lead={t('lists:search.lead')}
      description={t('lists:search.lead')}
    >
      <SearchBox q={q} />
      {found === undefined ? null : <Found q={q} {...found} />}
    </Page>
  );
}

interface FoundProps {
  readonly q: string;
  readonly needs: Listed<Need>;
  readonly projects: Listed<Project>;
  readonly organisations: Listed<Organisation>;
}

/** A count in words; the lists count up to a thousand. */
const counted = (t: Translate, key: string, count: number, more: boolean): string =>
  more ? `${t(key, { count })} ${t('site:list.orMore')}` : t(key, { count });

function Found({ q, needs, projects, organisations }: FoundProps) {
  const t = useT();
  const counts = [needs, projects, organisations].map(({ count }) => count);
  const all = counts.reduce((sum, one) => sum + (one?.value ?? 0), 0);
  const more = counts.some((one) => one?.more);
  return (
    <>
      <div className="results">
        <h2 aria-live="polite">{counted(t, 'lists:search.count', all, more)}</h2>
      </div>
      {all === 0 ? (
        <EmptyState title={t('lists:search.emptyTitle')} to="/needs" action={t('site:home.all')}>
          {t('lists:search.empty')}
        </EmptyState>
      ) : (
        <div className="beside">
          <Part q={q} list="needs" found={needs} row={(need) => <NeedRow need={need} />} />
          <Part q={q} list="projects" found={projects} row={(project) => <ProjectRow project={project} />} />
          <Part q={q} list="organisations" found={organisations} row={(one) => <OrganisationRow organisation={one} />} />
        </div>
      )}
    </>
  );
}

interface PartProps<Item> {
  readonly q: string;
  readonly list: 'needs' | 'projects' | 'organisations';
  readonly found: Listed<Item>;
  readonly row: (item: Item) => React.ReactNode;
}

/** The first rows of one list, and the way to all of them. */
function Part<Item extends { readonly id: string }>({ q, list, found, row }: PartProps<Item>) {
  const t = useT();
  const href = useHref();
  const { items, count } = found;
  return (
    <section aria-labelledby={`found-${list}`}>
      <h3 id={`found-${list}`}>{counted(t, COUNTS[list], count?.value ?? items.length, count?.more ?? false)}</h3>
      {items.length === 0 ? (
        <p>{t('lists:search.none')}</p>
      ) : (
        <>
          <ul className="lines">
            {items.map((item) => (
              <li key={item.id}>{row(item)}</li>
            ))}
          </ul>
          <p>
            <a href={`${href(`/${list}`)}?${new URLSearchParams({ q }).toString()}`}>{t(`lists:search.all.${list}`)}</a>
          </p>
        </>
      )}
    </section>
  );
}

function NeedRow({ need: { id, title, language, status, country } }: { need: Need }) {
  const href = useHref();
  const { locale } = useFacts();
  return (
    <>
      <a href={href(`/needs/${id}`)}>
        <Content lang={language}>{title}</Content>
      </a>
      <p className="meta">
        <StateBadge kind="need" state={status} />
        {country === undefined ? null : <span>{countryName(locale, country)}</span>}
      </p>
    </>
  );
}

function ProjectRow({ project: { id, title, status, country } }: { project: Project }) {
  const href = useHref();
  const { locale } = useFacts();
  return (
    <>
      <a href={href(`/projects/${id}`)}>
        <bdi>{title}</bdi>
      </a>
      <p className="meta">
        <StateBadge kind="project" state={status} />
        <span>{countryName(locale, country)}</span>
      </p>
    </>
  );
}

function OrganisationRow({ organisation }: { organisation: Organisation }) {
  const t = useT();
  const href = useHref();
  const { id, name, type, standing } = organisation;
  return (
    <>
      <a href={href(`/organisations/${id}`)}>
        <bdi>{name}</bdi>
      </a>
      <p className="meta">
        <StateBadge kind="standing" state={standing} />
        <span>{t(`words:organisationType.${type}`)}</span>
      </p>
    </>
  );
}
