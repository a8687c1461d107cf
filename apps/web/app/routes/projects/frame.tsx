import { Notice, Page } from '../../components/index.js';
import { LiveNews } from '../../components/live.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import type { Names } from './board.js';

const PARTS = ['', '/milestones', '/budget', '/activity', '/integrity'] as const;
const LABELS = {
  '': 'projects:part.overview',
  '/milestones': 'projects:part.milestones',
  '/budget': 'projects:part.budget',
  '/activity': 'projects:part.activity',
  '/integrity': 'projects:part.integrity',
} as const;

/** An organisation by its name, linked to its page. */
export function Organisation({ id, names }: { id: string; names: Names }) {
  const href = useHref();
  return (
    <a href={href(`/organisations/${id}`)}>
      <bdi>{names[id] ?? id}</bdi>
    </a>
  );
}

/** Several organisations, each once. */
export function Organisations({ ids, names }: { ids: readonly string[]; names: Names }) {
  const t = useT();
  const unique = [...new Set(ids)];
  if (unique.length === 0) return <>{t('projects:nobody')}</>;
  return (
    <ul className="names">
      {unique.map((id) => (
        <li key={id}>
          <Organisation id={id} names={names} />
        </li>
      ))}
    </ul>
  );
}

interface FrameProps {
  readonly project: { readonly id: string; readonly title: string };
  /** Title of this page below the project; the project's own when absent. */
  readonly title?: string;
  readonly heading?: React.ReactNode;
  readonly over?: React.ReactNode;
  readonly lead?: React.ReactNode;
  readonly description?: string | undefined;
  readonly crumbs?: readonly { readonly to: string; readonly label: string }[];
  readonly state?: FormState | undefined;
  /** Forms leave the sections of the project out: they have one thing to do. */
  readonly plain?: boolean;
  readonly children: React.ReactNode;
}

/** Frame of every page of a project: the way to it, its sections, and what was just done. */
export function ProjectFrame({
  project,
  title,
  heading,
  over,
  lead,
  description,
  crumbs = [],
  state,
  plain,
  children,
}: FrameProps) {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const top = `/projects/${project.id}`;
  const own = title === undefined ? [] : [{ to: top, label: project.title }];
  const query = new URLSearchParams(search);
  const done = query.get('done');
  return (
    <Page
      title={title === undefined ? project.title : `${title} – ${project.title}`}
      heading={heading ?? title ?? <bdi>{project.title}</bdi>}
      over={over}
      lead={lead}
      state={state}
      crumbs={[{ to: '/projects', label: t('projects:list.title') }, ...own, ...crumbs]}
      {...(description === undefined ? {} : { description })}
    >
      {done !== null && /^(projects|milestones|reports|deliveries|funds)\.[a-z-]{3,40}$/u.test(done) ? (
        <Notice kind="success" title={t(query.has('first') ? 'stewarding:firstDone' : 'stewarding:done')}>
          {t(`stewarding:do.${done}`)}
        </Notice>
      ) : null}
      {plain ? null : <LiveNews room={`project:${project.id}`} href={`${top}/activity`} />}
      {plain ? null : (
        <nav className="sections" aria-label={t('projects:part.label')}>
          <ul className="nav">
            {PARTS.map((part) => (
              <li key={part}>
                <a href={href(`${top}${part}`)} {...(path === `${top}${part}` ? { 'aria-current': 'page' } : {})}>
                  {t(LABELS[part])}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {children}
    </Page>
  );
}
