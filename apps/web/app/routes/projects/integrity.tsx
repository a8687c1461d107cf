import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, NextStep, numberText, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { RouteHandle } from '../../handle.js';
import { absent, load } from '../../server/load.server.js';
import { sourcesOf } from './activity-rows.js';
import { boardOf, parameter } from './board.js';
import { chosenChain, exportOf } from './chain.js';
import { CheckChain } from './check-chain.js';
import { ProjectFrame } from './frame.js';

/** Its one script checks the chain in the reader's browser; everything else is there before. */
export const handle: RouteHandle = { scripts: true, namespaces: ['projects'] };

/** The chain of one stream of a project: `?of=milestones.<id>`. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const chain = chosenChain(board, visit.url.searchParams.get('of'));
    if (!chain) throw absent(visit);
    const { events, version } = await exportOf(visit, chain);
    const { id, title } = board.project;
    return {
      project: { id, title },
      chain,
      version,
      chains: sourcesOf(board),
      head: events.at(-1)?.hash ?? '',
      events: events.map((event) => ({
        version: event.version,
        kind: event.kind,
        at: (event.meta as { readonly at?: string }).at ?? '',
        hash: event.hash,
      })),
    };
  });

/** Proof that nothing was changed afterwards, to be checked by the reader. */
export default function IntegrityPage() {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { project, chain, chains, head, events, version } = useLoaderData<typeof loader>();
  const top = `/projects/${project.id}`;
  const of = `${chain.plural}.${chain.id}`;
  const nameOf = ({ plural, about }: (typeof chains)[number]) =>
    about === undefined
      ? t(`projects:stream.${plural}`)
      : 'milestone' in about
        ? about.milestone
        : t(`projects:reportKind.${about.report}`);
  return (
    <ProjectFrame project={project} title={t('projects:integrity.title')} lead={t('projects:integrity.lead')}>
      <div className="object">
        <div>
          <h2>
            <bdi>{nameOf(chain)}</bdi>
          </h2>
          <p>{t('projects:integrity.how')}</p>
          <dl className="facts">
            <div>
              <dt>{t('projects:integrity.events')}</dt>
              <dd>{numberText(locale, version)}</dd>
            </div>
            <div>
              <dt>{t('projects:integrity.head')}</dt>
              <dd>
                <code dir="ltr">{head}</code>
              </dd>
            </div>
          </dl>
          <CheckChain key={of} plural={chain.plural} id={chain.id} head={head} />
          <h3>{t('projects:integrity.offline')}</h3>
          <p>{t('projects:integrity.offlineText')}</p>
          <p>
            <a href={href(`${top}/chain.json?of=${of}`)}>{t('projects:integrity.file')}</a>
          </p>
          <p>
            <code dir="ltr">{`concord verify --stream ${chain.plural}-${chain.id}.json`}</code>
          </p>
          <Events events={events} />
        </div>
        <aside>
          <NextStep action={t('projects:integrity.next')} who={t('projects:integrity.anyone')} />
          <Chains top={top} of={of} chains={chains} nameOf={nameOf} />
        </aside>
      </div>
    </ProjectFrame>
  );
}

type Loaded = Awaited<ReturnType<typeof loader>>;

function Events({ events }: Pick<Loaded, 'events'>) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <DataTable
      caption={t('projects:integrity.caption')}
      rows={[...events].reverse()}
      rowKey={({ version }) => String(version)}
      columns={[
        {
          key: 'version',
          label: t('projects:integrity.number'),
          number: true,
          cell: ({ version }) => numberText(locale, version),
        },
        { key: 'kind', label: t('projects:integrity.event'), heads: true, cell: ({ kind }) => <bdi>{kind}</bdi> },
        { key: 'at', label: t('projects:column.on'), cell: ({ at }) => (at === '' ? '–' : <When at={at} time />) },
        { key: 'hash', label: t('projects:integrity.hash'), cell: ({ hash }) => <code dir="ltr">{hash.slice(0, 16)}…</code> },
      ]}
    />
  );
}

interface ChainsProps extends Pick<Loaded, 'chains'> {
  readonly top: string;
  readonly of: string;
  nameOf(chain: Loaded['chains'][number]): string;
}

function Chains({ top, of, chains, nameOf }: ChainsProps) {
  const t = useT();
  const href = useHref();
  return (
    <>
      <h2>{t('projects:integrity.chains')}</h2>
      <ul>
        {chains.map((one) => {
          const name = `${one.plural}.${one.id}`;
          return (
            <li key={name}>
              <a href={href(`${top}/integrity?of=${name}`)} {...(name === of ? { 'aria-current': 'true' } : {})}>
                <bdi>{nameOf(one)}</bdi>
              </a>
            </li>
          );
        })}
      </ul>
      <p>
        <a href="/api/v1/checkpoints/stewardship">{t('projects:integrity.checkpoints')}</a>
      </p>
    </>
  );
}
