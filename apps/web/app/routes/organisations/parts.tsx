import type { NeedResource, OrganisationConversion, PledgeResource, ProjectResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { Content, DataTable, Num, numberText, Quantity, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';

type Need = z.output<typeof NeedResource>;
type Pledge = z.output<typeof PledgeResource>;
type Project = z.output<typeof ProjectResource>;
type Row = z.output<typeof OrganisationConversion>['items'][number];

/** What an organisation asks for. */
export function Needs({ id, page }: { id: string; page: Listed<Need> }) {
  const t = useT();
  const href = useHref();
  return (
    <section aria-labelledby="needs">
      <h2 id="needs">{t('site:nav.needs')}</h2>
      {page.items.length === 0 ? <p>{t('organisations:none.needs')}</p> : null}
      <ul className="cards">
        {page.items.map(({ id: need, title, language, status }) => (
          <li key={need} className="card">
            <h3>
              <a href={href(`/needs/${need}`)}>
                <Content lang={language}>{title}</Content>
              </a>
            </h3>
            <p className="meta">
              <StateBadge kind="need" state={status} />
            </p>
          </li>
        ))}
      </ul>
      {page.next === undefined ? null : (
        <p>
          <a href={`${href('/needs')}?organisation=${id}`}>{t('organisations:all.needs')}</a>
        </p>
      )}
    </section>
  );
}

/** How much of what was offered was confirmed, and of that delivered (R19). */
export function Conversion({ rows }: { rows: readonly Row[] }) {
  const t = useT();
  const { locale } = useFacts();
  if (rows.length === 0) return null;
  const share = (permille: number | undefined) =>
    permille === undefined ? '–' : numberText(locale, permille / 1000, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <section aria-labelledby="conversion">
      <h2 id="conversion">{t('organisations:conversion.title')}</h2>
      <p>{t('organisations:conversion.lead')}</p>
      <DataTable
        caption={t('organisations:conversion.title')}
        captionHidden
        rows={rows}
        rowKey={({ kind, unit }) => `${kind} ${unit}`}
        columns={[
          {
            key: 'kind',
            label: t('organisations:conversion.kind'),
            heads: true,
            cell: ({ kind, unit }) =>
              /^[A-Z]{3}$/u.test(unit) ? `${t(`words:lineKind.${kind}`)} ${unit}` : t(`words:lineKind.${kind}`),
          },
          {
            key: 'pledges',
            label: t('organisations:conversion.pledges'),
            number: true,
            cell: ({ pledges }) => <Num value={pledges} />,
          },
          {
            key: 'pledged',
            label: t('organisations:conversion.pledged'),
            number: true,
            cell: ({ pledged, unit }) => <Quantity value={pledged} unit={unit} />,
          },
          {
            key: 'confirmed',
            label: t('organisations:conversion.confirmed'),
            number: true,
            cell: ({ confirmed, unit, confirmedPermille }) => (
              <>
                <Quantity value={confirmed} unit={unit} /> <bdi className="mark">{share(confirmedPermille)}</bdi>
              </>
            ),
          },
          {
            key: 'delivered',
            label: t('organisations:conversion.delivered'),
            number: true,
            cell: ({ delivered, unit, deliveredPermille }) => (
              <>
                <Quantity value={delivered} unit={unit} /> <bdi className="mark">{share(deliveredPermille)}</bdi>
              </>
            ),
          },
        ]}
      />
    </section>
  );
}

/** What an organisation gives, the newest first. */
export function Pledges({ page, titles }: { page: Listed<Pledge>; titles: Readonly<Record<string, string>> }) {
  const t = useT();
  const href = useHref();
  return (
    <section aria-labelledby="pledges">
      <h2 id="pledges">{t('organisations:pledges')}</h2>
      {page.items.length === 0 ? (
        <p>{t('organisations:none.pledges')}</p>
      ) : (
        <DataTable
          caption={t('organisations:pledges')}
          captionHidden
          rows={page.items}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'pledge',
              label: t('organisations:pledge'),
              heads: true,
              cell: ({ id, kind, quantity, unit }) => (
                <a href={href(`/pledges/${id}`)}>
                  {t(`words:lineKind.${kind}`)}: <Quantity value={quantity} unit={unit} />
                </a>
              ),
            },
            {
              key: 'need',
              label: t('needs:one'),
              cell: ({ needId }) => (
                <a href={href(`/needs/${needId}`)}>
                  <bdi>{titles[needId] ?? t('needs:one')}</bdi>
                </a>
              ),
            },
            {
              key: 'state',
              label: t('organisations:facet.standing'),
              cell: ({ status }) => <StateBadge kind="pledge" state={status} />,
            },
          ]}
        />
      )}
      {page.next === undefined ? null : <p>{t('organisations:newestOnly')}</p>}
    </section>
  );
}

/** What an organisation carries out, oversees or has a part in. */
export function Projects({ id, page }: { id: string; page: Listed<Project> }) {
  const t = useT();
  const href = useHref();
  const roleOf = ({ leadId, stewardId }: Project) => (leadId === id ? 'lead' : stewardId === id ? 'steward' : 'part');
  return (
    <section aria-labelledby="projects">
      <h2 id="projects">{t('site:nav.projects')}</h2>
      {page.items.length === 0 ? <p>{t('organisations:none.projects')}</p> : null}
      <ul className="cards">
        {page.items.map((project) => (
          <li key={project.id} className="card">
            <h3>
              <a href={href(`/projects/${project.id}`)}>
                <bdi>{project.title}</bdi>
              </a>
            </h3>
            <p className="meta">
              <StateBadge kind="project" state={project.status} />
              <span>{t(`organisations:role.${roleOf(project)}`)}</span>
            </p>
          </li>
        ))}
      </ul>
      {page.next === undefined ? null : (
        <p>
          <a href={`${href('/projects')}?organisation=${id}`}>{t('organisations:all.projects')}</a>
        </p>
      )}
    </section>
  );
}
