import type { NeedResource, OrganisationConversion, PledgeResource, ProjectResource, PublicOrganisation } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { HistoryEntry, Listed } from '../../api.js';
import { Content, countryName, NextStep, Notice, Page, StateBadge, Timeline, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { FollowForm } from '../my-work/follow-form.js';
import { followOf } from '../my-work/follows.server.js';
import { Conversion, Needs, Pledges, Projects } from './parts.js';
import { Profile } from './profile.js';

type Organisation = z.output<typeof PublicOrganisation>;

const SHOWN = 10;

/** Titles of needs by id, as far as this reader may see them. */
async function titlesOf(
  api: { get<T>(path: string): Promise<{ body: T }> },
  ids: readonly string[],
): Promise<Record<string, string>> {
  const pairs = await Promise.all(
    [...new Set(ids)].map((id) =>
      api.get<z.output<typeof NeedResource>>(`/needs/${id}`).then(
        ({ body }) => [[id, body.title] as const],
        // A title that cannot be had is left out; the pledge itself is public.
        () => [],
      ),
    ),
  );
  return Object.fromEntries(pairs.flat());
}

/** An organisation with what it asks for, gives and carries out. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { api } = visit;
    const id = encodeURIComponent(args.params['id'] ?? '');
    const path = `/organisations/${id}`;
    const { body: organisation } = await api.get<Organisation>(path);
    const query = { organisation: id, limit: SHOWN };
    const [history, needs, pledges, projects, conversion, follow] = await Promise.all([
      api.get<Listed<HistoryEntry>>(`${path}/history`, { query: { limit: 100 } }).then(({ body }) => body.items),
      api.get<Listed<z.output<typeof NeedResource>>>('/needs', { query }).then(({ body }) => body),
      api.get<Listed<z.output<typeof PledgeResource>>>('/pledges', { query }).then(({ body }) => body),
      api.get<Listed<z.output<typeof ProjectResource>>>('/projects', { query }).then(({ body }) => body),
      api.get<z.output<typeof OrganisationConversion>>(`${path}/conversion`).then(({ body }) => body.items),
      followOf(visit, 'organisation', organisation.id),
    ]);
    const [titles, names] = await Promise.all([
      titlesOf(
        api,
        pledges.items.map(({ needId }) => needId),
      ),
      visit.namesOf(history.flatMap(({ organisation: by }) => by ?? [])),
    ]);
    const verified = [...history].reverse().find(({ kind }) => kind === 'OrganisationVerified');
    return {
      organisation,
      verified: verified && { at: verified.at, by: verified.organisation },
      history: history.filter(({ kind }) => PUBLIC_STEPS.includes(kind)),
      needs,
      pledges,
      projects,
      conversion,
      follow,
      titles,
      names: Object.fromEntries(names),
      joined: visit.url.searchParams.has('joined'),
    };
  });

/** Steps that readers follow; who belongs to an organisation is not among them. */
const PUBLIC_STEPS = [
  'OrganisationRegistered',
  'OrganisationRevised',
  'VerificationRequested',
  'VerificationInformationAsked',
  'OrganisationVerified',
  'VerificationRejected',
  'OrganisationSuspended',
  'OrganisationReinstated',
  'VerificationExpired',
  'FocalPointDesignated',
];

/** One organisation. */
export default function OrganisationPage() {
  const t = useT();
  const { locale, reader } = useFacts();
  const { organisation, verified, history, needs, pledges, projects, conversion, follow, titles, names, joined } =
    useLoaderData<typeof loader>();
  const { id, name, type, orgKind, country, standing, reason, description } = organisation;
  return (
    <Page
      title={name}
      heading={<bdi>{name}</bdi>}
      over={
        <>
          {t(`words:organisationType.${type}`)} {orgKind === undefined ? null : `· ${t(`account:orgKind.${orgKind}`)} `}·{' '}
          <StateBadge kind="standing" state={standing} />
        </>
      }
      lead={country === undefined ? undefined : countryName(locale, country)}
      description={description}
      crumbs={[{ to: '/organisations', label: t('site:nav.organisations') }]}
    >
      {joined ? <Notice kind="success">{t('account:invitation.joined')}</Notice> : null}
      {standing === 'suspended' && reason !== undefined ? (
        <Notice kind="warning" title={t('organisations:suspended')}>
          <p dir="auto">{reason.text}</p>
        </Notice>
      ) : null}
      <div className="object">
        <div>
          {description === undefined ? null : (
            <Content lang={locale} block>
              {description}
            </Content>
          )}
          <Needs id={id} page={needs} />
          <Conversion rows={conversion} />
          <Pledges page={pledges} titles={titles} />
          <Projects id={id} page={projects} />
          <section aria-labelledby="history">
            <h2 id="history">{t('organisations:history')}</h2>
            <Timeline
              entries={[...history].reverse().map(({ version, at, kind, organisation: by, reason: why }) => ({
                key: String(version),
                at,
                title: t(`organisations:event.${kind}`),
                who: by === undefined ? undefined : names[by],
                reason: why?.text,
              }))}
            />
          </section>
        </div>
        <aside>
          <Verification organisation={organisation} verified={verified} names={names} />
          {reader ? <FollowForm kind="organisation" id={id} follow={follow} /> : null}
          <Ways id={id} />
          <Profile organisation={organisation} />
        </aside>
      </div>
    </Page>
  );
}

interface VerificationProps {
  readonly organisation: Organisation;
  readonly verified: { readonly at: string; readonly by: string | undefined } | undefined;
  readonly names: Readonly<Record<string, string>>;
}

/** The badge: by whom, when, until when; and who must act next about it. */
function Verification({ organisation, verified, names }: VerificationProps) {
  const t = useT();
  const { reader } = useFacts();
  const { id, name, standing, validUntil, pendingApproval } = organisation;
  const own = ['unverified', 'rejected', 'expired'].includes(standing);
  const mine = reader?.acting?.id === id && reader.acting.roles.includes('admin');
  const waits = standing === 'pending' && pendingApproval !== undefined;
  const registrars = t('account:verify.who.registrars');
  return (
    <>
      {standing === 'verified' && verified ? (
        <section className="notice success" aria-labelledby="verified">
          <h2 id="verified" className="notice-title">
            {t('organisations:verified.title')}
          </h2>
          <dl>
            <div>
              <dt>{t('organisations:verified.by')}</dt>
              <dd>
                {verified.by === undefined ? (
                  t('organisations:verified.registrars')
                ) : (
                  <bdi>{names[verified.by] ?? verified.by}</bdi>
                )}
              </dd>
            </div>
            <div>
              <dt>{t('organisations:verified.at')}</dt>
              <dd>
                <When at={verified.at} />
              </dd>
            </div>
            {validUntil === undefined ? null : (
              <div>
                <dt>{t('organisations:verified.until')}</dt>
                <dd>
                  <When at={validUntil} />
                </dd>
              </div>
            )}
          </dl>
        </section>
      ) : (
        <NextStep
          action={t(`account:verify.next.${waits ? 'second' : standing}`)}
          who={own ? <bdi>{name}</bdi> : registrars}
          to={own && mine ? `/organisations/${id}/verification` : undefined}
          button={own && mine ? t('account:verify.submit') : undefined}
        />
      )}
    </>
  );
}

/** What this reader can do with the organisation. */
function Ways({ id }: { id: string }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const ways: [string, string][] = [];
  if (reader?.acting?.id === id) {
    if (reader.acting.roles.some((role) => ['admin', 'approver', 'editor'].includes(role)))
      ways.push([`/organisations/${id}/edit`, t('account:own.edit')]);
    ways.push(
      [`/organisations/${id}/members`, t('account:own.members')],
      [`/organisations/${id}/verification`, t('account:own.verification')],
    );
  }
  if (reader?.platformRoles.includes('registrar')) ways.push([`/admin/organisations/${id}`, t('organisations:decide')]);
  if (ways.length === 0) return null;
  return (
    <ul>
      {ways.map(([to, label]) => (
        <li key={to}>
          <a href={href(to)}>{label}</a>
        </li>
      ))}
    </ul>
  );
}
